import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { levels } from "../../../runtime/src/levels.js";
import { compareDocumentSchema } from "../documents/compare.js";
import { createProject, type Project } from "../simulate/testing/project.js";
import { faultline as runFaultline, type Surroundings } from "./testing/faultline.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let project: Project;

const imports = `import { counter, Eventual, Invariant, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";\n`;

/** Money moves between balances in one transaction; views are counted and nothing is decided by them. */
const account = `${imports}
@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);
  @Linearizable() readonly views = counter();
  constructor(readonly id: string) {}

  @Transaction()
  async transfer(to: Account, amount: 10 | 20): Promise<void> {
    await this.balance.update((balance) => balance - amount);
    await to.balance.update((balance) => balance + amount);
  }

  async view(): Promise<void> {
    await this.views.increment();
  }

  @Invariant("money is conserved", { when: "converged" })
  static async conserved(all: readonly Account[]): Promise<boolean> {
    let sum = 0;
    for (const account of all) sum += await account.balance.read();
    return sum === 100 * all.length;
  }
}
`;

/** Wrong at every level: nothing keeps it from going below zero. */
const overdrawn = `${imports}
@Replicated()
export class Till {
  @Linearizable() readonly cash = register(0);
  constructor(readonly id: string) {}

  async take(): Promise<void> {
    await this.cash.update((cash) => cash - 1);
  }

  @Invariant("there is no debt")
  async solvent(): Promise<boolean> {
    return (await this.cash.read()) >= 0;
  }
}
`;

const noisy = `${imports}
@Replicated()
export class Page {
  @Eventual() readonly views = counter();
  constructor(readonly id: string) {}

  async view(): Promise<void> {
    console.log("begun");
    await this.views.increment();
  }
}
`;

beforeAll(async () => {
  project = await createProject();
  project.write("account.ts", account);
  project.write("till.ts", overdrawn);
  project.write("page.ts", noisy);
});

afterAll(() => {
  project.remove();
});

const compared = (parameters: readonly string[], surroundings: Omit<Surroundings, "cwd"> = {}) =>
  runFaultline(["compare", ...parameters], { ...surroundings, cwd: project.root });

describe("faultline compare", () => {
  it("prints a document with all five levels, and the weakest that suffice", async () => {
    const { code, stdout, stderr } = await compared(["account.ts#Account", "--schedules", "60", "--format", "json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const document = compareDocumentSchema.parse(JSON.parse(stdout));
    expect(document.target).toBe("account.ts#Account");
    expect(document.levels.map(({ level }) => level)).toEqual(levels);
    expect(document.levels.map((each) => each.usdPerMillionOperations)).toEqual([0.01, 0.05, 0.2, 0.5, 2]);
    const conserved = document.levels.map(({ invariants }) =>
      invariants.find(({ name }) => name === "money is conserved"),
    );
    expect(conserved.map((each) => each?.outcome)).toEqual(["holds", "violated", "violated", "holds", "holds"]);
    expect(conserved[1]?.seed).toBeGreaterThan(0);
    expect(conserved[3]?.seed).toBeNull();
    const [, eventual, , , linearizable] = document.levels;
    for (const { unavailable } of eventual?.regions ?? []) expect(unavailable).toBe(0);
    expect(Math.max(...(linearizable?.regions ?? []).map(({ unavailable }) => unavailable ?? 0))).toBeGreaterThan(0.05);
    expect(linearizable?.messagesPerOperation).toBeGreaterThan(eventual?.messagesPerOperation ?? Number.NaN);
    expect(linearizable?.regions[0]?.p50Ms).toBeGreaterThan(eventual?.regions[0]?.p50Ms ?? Number.NaN);
    expect(document.weakestSufficient).toEqual({ balance: "sequential", views: "eventual" });
  });

  it("comes to the same with one process and with several", async () => {
    const common = ["account.ts#Account", "--schedules", "60", "--seed", "7", "--format", "json", "--processes"];
    const [one, three] = [await compared([...common, "1"]), await compared([...common, "3"])];
    expect(three).toEqual(one);
  });

  it("shows people a table, and the edit, which it writes if asked", async () => {
    project.write("edited.ts", account);
    const { code, stdout } = await compared(["edited.ts#Account", "--schedules", "60", "--apply"]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toMatch(/^edited\.ts#Account at all five levels\n {2}60 schedules for each assignment of levels/);
    expect(stdout).toMatch(/none +eventual +causal +sequential +linearizable\n {2}money is conserved +✓ +✗ seed \d+ /);
    expect(stdout).toMatch(/refused while cut off\n {4}nyc +0\.0 %/);
    expect(stdout).toContain("Weakest that suffices  balance sequential, views eventual");
    expect(stdout).toMatch(/-[^\n]* readonly views[^\n]*\n[^\n]*balance[^\n]*\n +\+ {2}@Eventual\(\) readonly views/);
    expect(stdout.trimEnd()).toMatch(/wrote edited\.ts$/);
    const edited = readFileSync(`${project.root}/edited.ts`, "utf8");
    expect(edited).toContain("@Sequential() readonly balance");
    const again = await compared(["edited.ts#Account", "--schedules", "60"]);
    expect(again.stdout).toContain("The code says so already.");
  });

  it("ends with 1 where even linearizable breaks something", async () => {
    const { code, stdout } = await compared(["till.ts#Till", "--schedules", "20", "--format", "json"]);
    expect(code).toBe(1);
    expect(compareDocumentSchema.parse(JSON.parse(stdout)).weakestSufficient).toBeNull();
    const pretty = await compared(["till.ts#Till", "--schedules", "20"]);
    expect(pretty.stdout).toContain("Linearizable does not suffice.");
  });

  it("keeps what is known on Ctrl-C, and says that it is not all", async () => {
    const { code, stdout } = await compared(["page.ts#Page", "--schedules", "10000000"], { interruptOn: "begun" });
    expect(code).toBe(3);
    expect(stdout).toMatch(/Stopped by Ctrl-C\. The search for the weakest levels that suffice was not finished\./);
  });

  const wrong: readonly (readonly [parameters: string, says: RegExp])[] = [
    ["account.ts", /names no class[\s\S]*file#Class/],
    ["account.ts#Nobody", /no target named Nobody/],
    ["none.ts#Account", /There is no file none\.ts/],
    ["account.ts#Account --schedules 0", /whole number, 1 or more/],
    ["account.ts#Account --format yaml", /pretty or json/],
  ];
  for (const [parameters, says] of wrong)
    it(`refuses: faultline compare ${parameters}`, async () => {
      const { code, stdout, stderr } = await compared(parameters.split(" "));
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    });
});
