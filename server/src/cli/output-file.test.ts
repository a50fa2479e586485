import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createProject, type Project, scenarioFile } from "../simulate/testing/project.js";
import { writeOutput } from "./output-file.js";
import { faultline } from "./testing/faultline.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faultline-output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a file that an option names", () => {
  it.each([
    ["--html", "nowhere/out.html", "There is no folder"],
    ["--html", "pages", "is a folder"],
    ["--html", "plain/out.html", "is no folder"],
    ["--perfetto", "nowhere/out.json", "There is no folder"],
    ["--save", "nowhere/trace.json", "There is no folder"],
    ["--save", "trace", "would not know trace for a trace"],
  ])("is refused before anything is run: %s %s", async (option, file, said) => {
    mkdirSync(join(folder, "pages"));
    writeFileSync(join(folder, "plain"), "");
    const commands = [
      ["replay", "x.ts#x", "--seed", "1"],
      ["simulate", "x.ts"],
    ];
    for (const command of option === "--save" ? commands.slice(0, 1) : commands) {
      const { code, stderr, stdout } = await faultline([...command, option, file], { cwd: folder });
      expect(stderr).toContain(said);
      expect([code, stdout]).toEqual([2, ""]);
    }
  });

  it("is replaced as a whole", () => {
    const file = join(folder, "out.html");
    writeFileSync(file, "before");
    writeOutput(file, "after");
    expect(readFileSync(file, "utf8")).toBe("after");
    expect(readdirSync(folder)).toEqual(["out.html"]);
  });

  it.runIf(existsSync("/dev/null"))("is written to, and not replaced, where it stands for a stream", () => {
    writeOutput("/dev/null", "text");
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("is named when it cannot be written after all", () => {
    mkdirSync(join(folder, "gone"));
    const file = join(folder, "gone", "out.html");
    rmSync(join(folder, "gone"), { recursive: true });
    expect(() => writeOutput(file, "text")).toThrow(/out\.html could not be written: ENOENT[\s\S]*Name a file/);
  });
});

describe("after a run", () => {
  let project: Project;
  beforeAll(async () => {
    project = await createProject();
    const violated = scenarioFile('await check("two", async () => (await page.views.read()) === 2);');
    project.write("a/b.ts", violated);
    project.write("a-b.ts", violated);
  });
  afterAll(() => {
    project.remove();
  });

  it("keeps the traces of all targets, also where their names come to the same", async () => {
    const run = ["simulate", "a/b.ts", "a-b.ts", "--schedules", "2", "--save-traces", "found"];
    const { stderr } = await faultline(run, { cwd: project.root });
    expect(stderr).toBe("wrote found/a-b.ts-main.json\nwrote found/a-b.ts-main-2.json\n");
    const targets = readdirSync(join(project.root, "found")).map(
      (file) => (JSON.parse(readFileSync(join(project.root, "found", file), "utf8")) as { target: string }).target,
    );
    expect(targets.sort()).toEqual(["a-b.ts#main", "a/b.ts#main"]);
  });

  it("prints its document although a file cannot be written", async () => {
    mkdirSync(join(project.root, "taken/a-b.ts-main.json"), { recursive: true });
    const run = ["simulate", "a-b.ts", "--schedules", "2", "--format", "json", "--save-traces", "taken"];
    const { code, stdout, stderr } = await faultline(run, { cwd: project.root });
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ outcome: "violated" }] });
    expect(stderr).toMatch(/^faultline: taken\/a-b\.ts-main\.json could not be written: /);
    expect(code).toBe(2);
  });
});
