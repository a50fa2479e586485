import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type SavedTrace, savedTraceSchema } from "../replay/saved-trace.js";
import { createProject, type Project } from "../simulate/testing/project.js";
import { faultline as runFaultline, type Surroundings } from "./testing/faultline.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
  project.write("bank.ts", bank());
  project.write("folder.json/inside.txt", "");
});

afterAll(() => {
  project.remove();
});

const faultline = (parameters: readonly string[], surroundings: Omit<Surroundings, "cwd"> = {}) =>
  runFaultline(parameters, { ...surroundings, cwd: project.root });

interface Parts {
  readonly before?: string;
  readonly credit?: string;
  readonly methods?: string;
}

/** A class that loses what two sessions credit at once, and a scenario in which they do. */
function bank({ before = "", credit = "now + amount", methods = "" }: Parts = {}): string {
  return [
    'import { Eventual, Invariant, Replicated, register } from "@faultline/runtime";',
    'import { partition, scenario } from "@faultline/runtime/simulation";',
    before,
    "@Replicated()",
    "export class Purse {",
    "  @Eventual() readonly coins = register(0);",
    "  constructor(readonly id: string) {}",
    "  async put(amount: 1 | 2): Promise<void> {",
    `    await this.coins.update((now) => ${credit});`,
    "  }",
    methods,
    "}",
    'export const gifts = scenario("both gifts arrive", { regions: ["nyc", "london", "tokyo"], faults: [partition([["nyc"], ["london", "tokyo"]], { fromMs: 10, untilMs: 900 })] }, async ({ session, sleep, converged }) => {',
    "  const give = async (region: string, amount: 1 | 2) => {",
    "    await sleep(100);",
    '    await session(region).open(Purse, "purse").put(amount);',
    "  };",
    '  converged("both are there", async (each) => (await each.open(Purse, "purse").coins.read()) === 3);',
    '  await Promise.all([give("nyc", 1), give("tokyo", 2)]);',
    "});",
  ].join("\n");
}

const savedTrace = (file: string): SavedTrace =>
  savedTraceSchema.parse(JSON.parse(readFileSync(join(project.root, file), "utf8"))) as SavedTrace;

describe("faultline replay", () => {
  const wrong: readonly (readonly [parameters: string, says: RegExp])[] = [
    ["replay", /Missing required argument 'target'/],
    ["replay bank.ts#gifts", /Which schedule of bank\.ts#gifts\?[\s\S]*--seed 412/],
    ["replay bank.ts --seed 1 --faults storms", /random, none, or a JSON array/],
    ["replay bank.ts#nothing --seed 1", /bank\.ts has no target named nothing/],
    ["replay none.json", /There is no file none\.json/],
    ["replay package.json", /package\.json is not a trace that faultline has saved[\s\S]*--save trace\.json/],
    ["replay folder.json", /folder\.json cannot be read: EISDIR/],
    ["replay bank.ts#gifts --seed 1 --strategy guided", /how generated calls meet[\s\S]*gifts[\s\S]*file#Class/],
    ["replay package.json --seed 3", /says which schedule it is[\s\S]*Leave out --seed/],
    ["replay bank.ts#gifts --seed 1 --inspect 99999", /It has to be a port/],
  ];
  for (const [parameters, says] of wrong)
    it(`refuses: faultline ${parameters}`, async () => {
      const { code, stdout, stderr } = await faultline(parameters.split(" "));
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    });

  it("tells the story of a seed's schedule, and ends with what it found", async () => {
    const violated = await faultline(["replay", "bank.ts#gifts", "--seed", "7"]);
    expect(violated).toMatchObject({ code: 1, stderr: "" });
    expect(violated.stdout).toMatch(/^✗ both are there +bank\.ts#gifts\n.* seed 7/);
    expect(violated.stdout).toMatch(/purse\.coins +0 → 2[\s\S]*purse\.coins +0 → 1/);
    const alone = await faultline(["replay", "bank.ts#gifts", "--seed", "7", "--faults", "none", "--no-shrink"]);
    expect(alone.stdout).toContain("--seed 7 --faults none");
  });

  it("tells the story of a schedule that holds, too", async () => {
    project.write("held.ts", bank().replace("coins.read()) === 3", "coins.read()) > 0"));
    const { code, stdout } = await faultline(["replay", "held.ts#gifts", "--seed", "7"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ both gifts arrive +held\.ts#gifts\n {2}holds in this schedule · seed 7\n/);
    expect(stdout).toMatch(/purse\.put\(1\)[\s\S]*purse\.coins +0 → 1/);
  });

  it("names the class whose calls are generated", async () => {
    const { code, stdout } = await faultline(["replay", "bank.ts#Purse", "--seed", "3", "--faults", "none"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/purse\d\.put\(/);
    expect(stdout).toContain("npx faultline replay bank.ts#Purse --seed 3 --faults none\n");
  });
});

describe("a saved trace", () => {
  beforeAll(async () => {
    const { code } = await faultline(["replay", "bank.ts#gifts", "--seed", "7", "--save", "trace.json"]);
    expect(code).toBe(1);
  });

  /** The trace against a program that has been changed. */
  const against = async (parts: Parts) => {
    project.write("bank.ts", bank(parts));
    try {
      return await faultline(["replay", "trace.json"]);
    } finally {
      project.write("bank.ts", bank());
    }
  };

  it("says what was decided, what it violates, and how it went", () => {
    const { target, violation, decisions, course } = savedTrace("trace.json");
    expect(target).toBe("bank.ts#gifts");
    expect(violation).toMatchObject({ kind: "invariant", name: "both are there" });
    expect(decisions.seed).toBe(7);
    const update = course.find(({ does }) => does === "purse.coins 0 → 1");
    expect(update).toMatchObject({ kind: "operation", within: "purse.put(1)", operation: "update", region: "nyc" });
    expect(update?.place).toMatchObject({ file: "bank.ts", text: "await this.coins.update((now) => now + amount);" });
  });

  it("shows the same schedule again", async () => {
    const seeded = await faultline(["replay", "bank.ts#gifts", "--seed", "7"]);
    const { code, stdout, stderr } = await faultline(["replay", "trace.json"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const story = (text: string) => text.slice(text.indexOf("time   "), text.indexOf("  Replay"));
    expect(story(stdout)).toBe(story(seeded.stdout));
    expect(stdout).toContain("Replay  npx faultline replay trace.json\n");
  });

  it("survives edits of unrelated code: lines that move, methods that come, other classes", async () => {
    const { code, stdout } = await against({
      before: "// One more line.\nexport class Unrelated {}\nconst drawn = Math.random() + Date.now();\nvoid drawn;",
      methods: "  async count(): Promise<number> { return this.coins.read(); }",
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ both are there/);
  });

  it("says where a changed program does otherwise, and goes on while it violates the same", async () => {
    const { code, stdout } = await against({ credit: "now + amount * 2" });
    expect(code).toBe(1);
    const [note = ""] = stdout.split("\n\n");
    expect(note.replace(/\s+/g, " ")).toMatch(
      /^The program no longer does just what trace\.json recorded: they part at 0\.1\d\d s, where `purse\.put\(2\)` recorded `purse\.coins 0 → 2` and now does `0 → 4` \(bank\.ts:9\)\. It still violates "both are there"\.$/,
    );
  });

  it("no longer fits a program that does otherwise and violates nothing", async () => {
    const { code, stdout } = await against({ credit: "3 + 0 * amount * now" });
    expect(code).toBe(3);
    expect(stdout.replace(/\s+/g, " ")).toMatch(
      /^\? both are there bank\.ts#gifts This trace no longer fits the program: they part at 0\.1\d\d s, where `purse\.put\(2\)` recorded `purse\.coins 0 → 2` and now does `0 → 3` \(bank\.ts:9\)\. Do explore again: npx faultline simulate bank\.ts#gifts $/,
    );
  });

  it("names what is gone: a target", async () => {
    project.write("bank.ts", bank().replace("const gifts", "const presents"));
    const { code, stdout } = await faultline(["replay", "trace.json"]);
    project.write("bank.ts", bank());
    expect(code).toBe(3);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "This trace no longer fits the program: bank.ts has no target named gifts.",
    );
  });

  it("is the one that simulate finds, for each target that is violated", async () => {
    const { code, stdout, stderr } = await faultline([
      ...["simulate", "bank.ts#gifts", "--schedules", "5", "--format", "json", "--save-traces", "found"],
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "wrote found/bank.ts-gifts.json\n" });
    const [run] = (JSON.parse(stdout) as { runs: { violations: { seed: number }[] }[] }).runs;
    const saved = savedTrace("found/bank.ts-gifts.json");
    expect(saved.decisions.seed).toBe(run?.violations[0]?.seed);
    expect((await faultline(["replay", "found/bank.ts-gifts.json"])).code).toBe(1);
  });
});

describe("a saved trace of generated calls", () => {
  const withPromise = (methods: string) =>
    bank({ methods })
      .replace(
        "  constructor(readonly",
        '  @Invariant("none") async none(): Promise<boolean> { return (await this.coins.read()) === 0; }\n  constructor(readonly',
      )
      .replaceAll("Purse", "Wallet");
  const spend = "  async spend(amount: 1 | 2): Promise<void> { await this.coins.update((now) => now - amount); }";

  it("calls by name: a method may come, and one that is gone is named", async () => {
    project.write("wallet.ts", withPromise(spend));
    const first = await faultline([
      "replay",
      "wallet.ts#Wallet",
      "--seed",
      "2",
      "--no-shrink",
      "--save",
      "wallet.json",
    ]);
    expect(first.code).toBe(1);
    const called = savedTrace("wallet.json").course.some(({ does }) => does.includes(".spend("));
    expect(called).toBe(true);

    project.write("wallet.ts", withPromise(`  async empty(): Promise<void> {}\n${spend}`));
    expect((await faultline(["replay", "wallet.json"])).code).toBe(1);

    project.write("wallet.ts", withPromise(""));
    const gone = await faultline(["replay", "wallet.json"]);
    expect(gone.code).toBe(3);
    expect(gone.stdout.replace(/\s+/g, " ")).toMatch(
      /it calls `wallet\d\.spend\(…\)`, and wallet\.ts#Wallet has no public method `spend` any more/,
    );
  });
});
