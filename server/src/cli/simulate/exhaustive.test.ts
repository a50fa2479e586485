import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { simulateDocumentSchema } from "../../documents/simulate.js";
import { createProject, type Project } from "../../simulate/testing/project.js";
import { faultline as runFaultline } from "../testing/faultline.js";
import { boundsOf } from "./exhaustive-options.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
  project.write(
    "votes.ts",
    `import { Eventual, Invariant, Replicated, register } from "@faultline/runtime";
@Replicated()
export class Votes {
  @Eventual() count = register(0);
  async vote(): Promise<void> {
    await this.count.write((await this.count.read()) + 1);
  }
}
@Replicated()
export class Counted {
  @Eventual() votes = register(0);
  static made = 0;
  async vote(): Promise<void> {
    await this.votes.write((await this.votes.read()) + 1);
    Counted.made++;
  }
  @Invariant("every vote counts", { when: "converged" })
  static async all(votes: readonly Counted[]): Promise<boolean> {
    let sum = 0;
    for (const each of votes) sum += await each.votes.read();
    return sum === Counted.made;
  }
}
`,
  );
});

afterAll(() => {
  project.remove();
});

const exhaustive = (...parameters: readonly string[]) =>
  runFaultline(["simulate", ...parameters, "--exhaustive", "--operations", "1", "--timers", "0"], {
    cwd: project.root,
  });

describe("simulate --exhaustive", () => {
  it("says in words what was tried, and that it holds", async () => {
    const { stdout, code } = await exhaustive("votes.ts#Votes");
    expect(stdout.replace(/\s+/g, " ")).toMatch(
      /all delivery orders of 2 sessions × 1 operation with up to 0 timer firings: [\d,]+ states, none violates · [\d,]+ states? a second/,
    );
    expect(code).toBe(0);
  });

  it("tells the story of the first order that violates something, and how to come to it again", async () => {
    const { stdout, code } = await exhaustive("votes.ts#Counted", "--seed", "3");
    expect(stdout).toContain("✗ every vote counts");
    expect(stdout).toMatch(/[\d,]+ of [\d,]+ ends violated/);
    expect(stdout).toContain(
      "npx faultline simulate votes.ts#Counted --exhaustive --seed 3 --sessions 2 --operations 1 --timers 0 " +
        "--save-traces traces; npx faultline replay traces/votes.ts-Counted.json",
    );
    expect(code).toBe(1);
  });

  it("does not say that it holds where there are more states than it may visit", async () => {
    const { stdout, code } = await exhaustive("votes.ts#Votes", "--states", "5", "--format", "json");
    const [run] = simulateDocumentSchema.parse(JSON.parse(stdout)).runs;
    expect(run).toMatchObject({ outcome: "unknown", exhaustive: { states: 5, complete: false } });
    expect(code).toBe(3);
  });

  it("takes bounds only where they bound something", () => {
    expect(() => boundsOf({ timers: 3 })).toThrow("--timers is a bound of --exhaustive.");
    expect(boundsOf({})).toBeUndefined();
    expect(boundsOf({ exhaustive: true, timers: 3 })).toEqual({
      sessions: 2,
      operations: 2,
      timers: 3,
      states: 100_000,
    });
  });
});
