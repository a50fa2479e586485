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

const pages = repositoryFiles("*.md").filter((page) => commandsOf(textOf(page)).length > 0);

describe("pages show what the commands print (--update rewrites them)", () => {
  it("in the README at least", () => {
    expect(pages).toContain("README.md");
  });

  it.each(pages)("%s", async (page) => {
    const text = textOf(page);
    for (const command of commandsOf(text)) {
      if (!outputs.has(command)) outputs.set(command, await outputOf(command));
    }
    const shown = text.replace(
      block,
      (_, command: string) => `\`\`\`text\n$ npx faultline ${command}\n\n${outputs.get(command)}\n\`\`\``,
    );
    await expect(shown).toMatchFileSnapshot(join(root, page));
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
