import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { rules } from "../rules/index.js";
import { UsageError } from "./exit.js";
import { nearest } from "../configuration/nearest.js";
import { renderPage } from "./page.js";
import { isColored, terminalWidth } from "./terminal.js";

export function registerExplain(program: Command): void {
  program
    .command("explain")
    .summary("show the page of a rule")
    .description("Shows what a rule finds, why it matters, wrong and right code, and its fixes.")
    .argument("<rule>", "the rule's id, as findings print it")
    .action(explainCommand);
}

function explainCommand(id: string): void {
  const page = rules.some((rule) => rule.id === id) ? readPage(id) : undefined;
  if (page === undefined) {
    const list = rules.map((rule) => `  ${rule.id.padEnd(34)} ${rule.summary.replaceAll("`", "")}`).join("\n");
    const meant = nearest(
      id,
      rules.map((rule) => rule.id),
    );
    const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
    throw new UsageError(`There is no rule "${id}".${hint}`, `The rules are:\n${list}`);
  }
  process.stdout.write(
    `${renderPage(page, { color: isColored(process.stdout), width: terminalWidth(process.stdout) })}\n`,
  );
}

/** Pages lie beside the rules, in the sources as in the build. */
function readPage(id: string): string | undefined {
  const candidates = [`./rules/${id}/rule.md`, `../rules/${id}/rule.md`].map((each) =>
    fileURLToPath(new URL(each, import.meta.url)),
  );
  const found = candidates.find((each) => existsSync(each));
  return found === undefined ? undefined : readFileSync(found, "utf8");
}
