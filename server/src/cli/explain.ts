import process from "node:process";
import type { Command } from "commander";
import { nearest } from "../configuration/nearest.js";
import { rules } from "../rules/index.js";
import { UsageError } from "./exit.js";
import { renderPage } from "./page.js";
import { rulePage } from "./rule-page.js";
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
  const page = rules.some((rule) => rule.id === id) ? rulePage(id)?.text() : undefined;
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
