import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultline } from "./testing/faultline.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faultline-html-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("--html", () => {
  it.each([
    ["nowhere/out.html", "There is no folder"],
    ["pages", "is a folder"],
  ])("says before anything is run that %s cannot be written", async (file, said) => {
    mkdirSync(join(folder, "pages"));
    for (const command of [
      ["simulate", "x.ts"],
      ["replay", "x.ts#x", "--seed", "1"],
    ]) {
      const { code, stderr, stdout } = await faultline([...command, "--html", file], { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toContain(said);
      expect(stdout).toBe("");
    }
  });
});
