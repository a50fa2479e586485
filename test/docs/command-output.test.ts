import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { repositoryFiles, root } from "../tidy/source-files.js";

/** A block that begins with a command shows what that command prints. */
const block = /^```text\n\$ npx faultline (.*)\n\n[\s\S]*?^```$/gm;

/** Several pages show the same commands. */
const outputs = new Map<string, string>();

/** One scenario of a file, and how it is run. */
const oneScenario = /^simulate (\S+\.ts)#(\w+)((?: --schedules \d+)?)$/;

/** So many scenarios of a file that are run alike are run by one command, whose processes start once. */
const together = 3;

const pages = repositoryFiles("*.md").filter((page) => commandsOf(textOf(page)).length > 0);

describe("pages show what the commands print (--update rewrites them)", () => {
  it("in the README at least", () => {
    expect(pages).toContain("README.md");
  });

  it.each(pages)("%s", { timeout: 600_000 }, async (page) => {
    const text = textOf(page);
    for (const whole of wholeFilesOf(commandsOf(text)))
      for (const [command, output] of byScenario(whole, await outputOf(whole))) outputs.set(command, output);
    for (const command of commandsOf(text)) {
      if (!outputs.has(command)) outputs.set(command, await outputOf(command));
    }
    const shown = text.replace(
      block,
      (_, command: string) => `\`\`\`text\n$ npx faultline ${command}\n\n${outputs.get(command)}\n\`\`\``,
    );
    await expect(shown).toMatchFileSnapshot(join(root, page));
  });

  it("print of one scenario what is printed of it among all of its file", async () => {
    const whole = "simulate samples/bank-transfer/bank-transfer.ts --schedules 50";
    const blocks = byScenario(whole, await outputOf(whole));
    expect(blocks.size).toBe(2);
    for (const [command, output] of blocks) expect(await outputOf(command)).toBe(output);
  });

  it("on the picture too (npm run picture draws it)", async () => {
    const [title = "", ...lines] = textOf("docs/images/simulate.svg")
      .split("\n")
      .flatMap((line) => /^<text[^>]*>(.*)<\/text>$/.exec(line)?.[1] ?? [])
      .map((line) => unescaped(line.replace(/<[^>]*>/g, "")));
    const command = title.replace("$ npx faultline ", "");
    if (!outputs.has(command)) outputs.set(command, await outputOf(command));
    expect(lines.join("\n").trim()).toBe(outputs.get(command));
  });
});

function wholeFilesOf(commands: readonly string[]): readonly string[] {
  const wholes = commands.flatMap((command) => {
    const [, file, , options] = oneScenario.exec(command) ?? [];
    return file === undefined || outputs.has(command) ? [] : [`simulate ${file}${options}`];
  });
  const counted = (whole: string): number => wholes.filter((each) => each === whole).length;
  return [...new Set(wholes)].filter((whole) => counted(whole) >= together);
}

/** By the command of each scenario, what is printed of it: a block for each thing that it violates. */
function byScenario(whole: string, output: string): ReadonlyMap<string, string> {
  const options = /(?: --schedules \d+)?$/.exec(whole)?.[0] ?? "";
  const told = new Map<string, string>();
  for (const block of output.split(/\n\n(?=[✓✗?] )/)) {
    const [, target] = /^[^\n]*\s+(\S+#\w+)\n/.exec(block) ?? [];
    if (target === undefined) continue;
    const command = `simulate ${target}${options}`;
    const before = told.get(command);
    told.set(command, before === undefined ? block.trim() : `${before}\n\n${block.trim()}`);
  }
  return told;
}

function unescaped(text: string): string {
  return text.replaceAll("\u00a0", " ").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function commandsOf(text: string): readonly string[] {
  return [...text.matchAll(block)].map(([, command = ""]) => command);
}

/** Findings and violations end with exit code 1; anything above is a command that does not work. */
async function outputOf(command: string): Promise<string> {
  const parameters = [join(root, "server/bin/faultline.mjs"), ...command.split(" ")];
  // What a reader sees, who is no CI.
  const options = { cwd: root, env: { ...process.env, CI: "false", GITHUB_ACTIONS: "", NO_COLOR: "1" } };
  const { stdout, stderr, code } = await promisify(execFile)(process.execPath, parameters, options).then(
    (finished) => ({ ...finished, code: 0 }),
    (failure: { stdout: string; stderr: string; code: number }) => failure,
  );
  if (code > 1) throw new Error(`faultline ${command} ended with ${code}:\n${stderr}`);
  return stdout.trim();
}

function textOf(page: string): string {
  return readFileSync(join(root, page), "utf8");
}
