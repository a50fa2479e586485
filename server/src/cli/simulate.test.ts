import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import server from "../../package.json" with { type: "json" };
import { simulateDocumentSchema } from "../documents/simulate.js";
import { createProject, type Project, scenarioFile } from "../simulate/testing/project.js";
import { faultline as runFaultline, type Surroundings } from "./testing/faultline.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
  project.write(
    "holds.ts",
    scenarioFile('converged("one", async (s) => (await s.open(Page, "home").views.read()) === 1);'),
  );
  project.write("violated.ts", scenarioFile('await check("two", async () => (await page.views.read()) === 2);'));
  project.write("endless.ts", scenarioFile("await sleep(1);"));
});

afterAll(() => {
  project.remove();
});

const faultline = (parameters: readonly string[], surroundings: Omit<Surroundings, "cwd"> = {}) =>
  runFaultline(parameters, { ...surroundings, cwd: project.root });

describe("faultline", () => {
  it("prints help and its version", async () => {
    const help = await faultline(["--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toMatch(
      /Usage: faultline[\s\S]* check [\s\S]* simulate [\s\S]* compare [\s\S]* explain [\s\S]* lsp /,
    );
    expect(await faultline(["--version"])).toMatchObject({ code: 0, stdout: `${server.version}\n` });
  });

  it("says nothing when the reader of a pipe has left, and ends as a pipe does", async () => {
    expect(await faultline(["--help"], { readerLeaves: true })).toEqual({ code: 141, stdout: "", stderr: "" });
  });

  const wrong: readonly (readonly [parameters: string, says: RegExp])[] = [
    ["", /No command was given[\s\S]*Usage/],
    ["simulat", /Unknown command 'simulat'[\s\S]*Did you mean simulate\?/],
    ["simulate", /Missing required argument 'target'/],
    ["simulate holds.ts --schedule 3", /Unknown option '--schedule'[\s\S]*--schedules/],
    ["simulate holds.ts --preview --format json", /--preview prints text only/],
    ["simulate holds.ts --preview --html out.html", /--preview runs nothing, so there is nothing for --html/],
    ["simulate holds.ts --schedules 0", /whole number, 1 or more/],
    ["simulate holds.ts --seed 9007199254740991 --schedules 2", /After seed 9007199254740991 there is no room/],
    ["simulate holds.ts --faults [null]", /random, none, or a JSON array/],
    ["simulate holds.ts --faults storms", /random, none, or a JSON array/],
    ["simulate holds.ts --strategy luck", /one of random, priorities, overtaking, mixed, guided/],
    ["simulate holds.ts --strategy guided", /nothing of holds\.ts is generated: scenarios \(main\)/],
    ["simulate holds.ts --exhaustive --shard 1/2", /--shard chooses among schedules[\s\S]*Leave out --shard/],
    ["simulate holds.ts --format yaml", /There is no format "yaml"/],
    ["simulate holds.ts --shard 3/2", /has to be i\/n with i from 1 to n/],
    ["simulate holds.ts --processes 0", /whole number, 1 or more/],
    ["simulate holds.ts#", /"holds\.ts#" names no target/],
    ["simulate none.ts", /There is no file none\.ts/],
    ["lsp", /faultline lsp --stdio/],
  ];
  for (const [parameters, says] of wrong)
    it(`refuses: faultline ${parameters}`, async () => {
      const { code, stdout, stderr } = await faultline(parameters.split(" ").filter(Boolean));
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    });
});

describe("faultline simulate", () => {
  const json = async (parameters: readonly string[]) => {
    const { code, stdout, stderr } = await faultline([
      "simulate",
      ...parameters,
      "--schedules",
      "3",
      "--format",
      "json",
    ]);
    expect(stderr).toBe("");
    return { code, ...simulateDocumentSchema.parse(JSON.parse(stdout)) };
  };

  it("prints a document, and exits with what it found", async () => {
    expect(await json(["holds.ts"])).toMatchObject({ code: 0, runs: [{ target: "holds.ts#main", outcome: "holds" }] });
    expect(await json(["violated.ts#main"])).toMatchObject({
      code: 1,
      runs: [{ outcome: "violated", violations: [{ expected: "2", observed: "1" }] }],
    });
    expect(await json(["holds.ts", "violated.ts"])).toMatchObject({
      code: 1,
      runs: [{ outcome: "holds" }, { outcome: "violated" }],
    });
  });

  it("prints what it knows when a later target cannot be run", async () => {
    const run = ["simulate", "violated.ts", "none.ts", "--schedules", "3", "--format", "json"];
    const { code, stdout, stderr } = await faultline(run);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, runs: [{ target: "violated.ts#main" }] });
    expect(stderr).toContain("There is no file none.ts");
    expect(code).toBe(2);
  });

  it("has as long as it was given, however long that is", async () => {
    expect(await json(["holds.ts", "--timeout", "3000000000"])).toMatchObject({
      code: 0,
      runs: [{ outcome: "holds" }],
    });
  });

  it("goes on when nobody hears what it says beside its output", async () => {
    const run = ["simulate", "holds.ts", "--schedules", "3", "--perfetto", "none.json"];
    const { code, stdout } = await faultline(run, { listenerLeaves: true });
    expect(stdout).toContain("holds in 3 schedules");
    expect(code).toBe(0);
  });

  it.runIf(existsSync("/dev/full"))("says that what it prints cannot be written", async () => {
    const { code, stderr } = await faultline(["simulate", "holds.ts", "--schedules", "3"], { writesTo: "/dev/full" });
    expect(stderr).toMatch(/^faultline: The output could not be written: ENOSPC.*\n$/);
    expect(code).toBe(2);
  });

  it("tells people the same, in plain text when piped", async () => {
    const { code, stdout, stderr } = await faultline(["simulate", "violated.ts", "--schedules", "3", "--seed", "5"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(
      /^✗ two +violated\.ts#main\n {2}violated in 3 of 3 schedules · seed 5\n\n {2}expected {2}2\n {2}observed {2}1 /,
    );
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("  Replay  npx faultline replay violated.ts#main --seed 5");
    expect(stdout).not.toContain("\u001b");
  });

  it("replays what its last line says", async () => {
    const { stdout } = await faultline([
      "simulate",
      "violated.ts",
      "--schedules",
      "3",
      "--seed",
      "5",
      "--faults",
      "none",
    ]);
    const replay = /npx faultline (replay .*)$/m.exec(stdout)?.[1]?.split(" ") ?? [];
    expect(replay).toContain("none");
    const again = await faultline(replay);
    expect(again.code).toBe(1);
    // The same story; only the counts above it differ.
    expect(again.stdout.split("\n").slice(3)).toEqual(stdout.split("\n").slice(3));
  });

  it("previews what would be called with what", async () => {
    const page = "@Replicated() export class Cart { @Eventual() items = counter(); async add(count: 1 | 2) {} }";
    project.write("cart.ts", scenarioFile("", page));
    const { code, stdout } = await faultline(["simulate", "cart.ts", "cart.ts#Page", "--preview"]);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line !== "")).toEqual([
      "cart.ts#main   a scenario",
      "  its own body decides what is called",
      "cart.ts#Cart   Cart, called as its signatures allow",
      "  add(count: 1 | 2)",
      "cart.ts#main   a scenario",
      "  its own body decides what is called",
    ]);
  });

  it("stops after --timeout with what is known, which is unknown", async () => {
    const { code, stdout } = await faultline([
      "simulate",
      "endless.ts",
      "--schedules",
      "10000000",
      "--timeout",
      "4000",
    ]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^\? a scenario[\s\S]*Stopped by --timeout after [\d,]+ schedules?\./);
  });

  it("stops on Ctrl-C", async () => {
    project.write("begins.ts", scenarioFile('console.log("begun");'));
    const { code, stdout } = await faultline(["simulate", "begins.ts", "--schedules", "10000000"], {
      interruptOn: "begun",
    });
    expect(code).toBe(3);
    expect(stdout).toContain("Stopped by Ctrl-C");

    project.write("fails.ts", scenarioFile('console.log("begun");\nawait check("two", () => false);'));
    const failing = await faultline(["simulate", "fails.ts", "--schedules", "10000000"], { interruptOn: "begun" });
    expect(failing.code).toBe(1);
    // Whether there was time to make it smaller is chance.
    expect(failing.stdout.replace(/\s+/g, " ")).toMatch(
      /violated in [\d,]+ of [\d,]+ schedules? · seed 1( · [^·]+)? · stopped early, 10,000,000 were asked/,
    );
  });
});
