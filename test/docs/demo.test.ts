import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const demo = (...words: readonly string[]) =>
  spawnSync(process.execPath, ["scripts/bootstrap.mjs", "demo", ...words], { cwd: root, encoding: "utf8" });

describe("npm run demo", () => {
  it("lists each sample with what goes wrong in it, as the README's table has it", () => {
    const { stdout, status } = demo("--list");
    const listed = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(status).toBe(0);
    expect(listed.map(([id]) => id)).toEqual(
      readdirSync(join(root, "samples")).filter((id) => existsSync(join(root, "samples", id, "expected.json"))),
    );
    // The table's words begin small; a sample that is not in it would be shown by its title.
    for (const [id, wrong] of listed) expect(`${id}: ${wrong}`).toMatch(/: \p{Ll}/u);
  });

  it.each([
    ["bank-tranfer", 'There is no sample "bank-tranfer". Did you mean bank-transfer?'],
    ["--lits", 'There is no option "--lits". Did you mean --list?'],
  ])("says of %s what was meant, and what there is", (word, message) => {
    const { stderr, status } = demo(word);
    expect(stderr).toContain(message);
    expect(stderr).toContain("npm run demo -- --list");
    expect(status).toBe(2);
  });
});
