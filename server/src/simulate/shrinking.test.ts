import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { simulate } from "./index.js";
import type { SimulateOptions } from "./simulate.js";
import { createProject, type Project } from "./testing/project.js";

// Child processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
  project.write("budget.ts", budget);
  project.write("scenario.ts", scenario);
});

afterAll(() => {
  project.remove();
});

const budget = `import { Causal, counter, Invariant, Replicated, Workload } from "@faultline/runtime";
  @Replicated()
  export class Budget {
    @Causal() readonly left = counter(10);
    @Workload({ args: [[1], [2], [6]] })
    async spend(amount: number): Promise<void> {
      if ((await this.left.read()) < amount) throw new Error("too little");
      await this.left.decrement(amount);
    }
    @Invariant("never overspent")
    async sound(): Promise<boolean> { return (await this.left.read()) >= 0; }
  }`;

const scenario = `import { Eventual, Replicated, register } from "@faultline/runtime";
  import { crash, partition, scenario } from "@faultline/runtime/simulation";
  @Replicated()
  export class Note { @Eventual() readonly text = register(""); }
  const cut = partition([["nyc"], ["london", "tokyo"]], { fromMs: 0, untilMs: 3_210 });
  export const notes = scenario("notes", { faults: [cut, crash("tokyo", { fromMs: 400, untilMs: 700 })] }, async ({ session, sleep, check }) => {
    await session("nyc").open(Note, "it").text.write("new");
    await sleep(1_000);
    await check("it is told within a second", async () => (await session("london").open(Note, "it").text.read()) === "new");
  });`;

const run = (name: string, options: Partial<SimulateOptions> = {}) =>
  simulate({ file: `${project.root}/${name}.ts`, cwd: project.root, schedules: 20, seed: 1, ...options });

describe("a failing schedule", () => {
  it("is told with as little as it takes", async () => {
    const whole = await run("budget", { shrink: false });
    const small = await run("budget");
    const [before, after] = [whole, small].map(({ document }) => document.runs[0]?.violations[0]);
    expect(before).toMatchObject({ kind: "invariant", name: "never overspent", shrunk: null });
    expect(after).toEqual({
      ...before,
      ...{ expected: after?.expected, observed: after?.observed, message: after?.message },
      ...{ location: after?.location, related: after?.related, anomaly: before?.anomaly },
      shrunk: { operations: 2, faults: 0, sessions: 2 },
    });
    const calls = [whole, small].map(({ traces }) =>
      [...traces.values()].flatMap(({ events }) => events.filter(({ kind }) => kind === "call")),
    );
    expect(calls[1]).toHaveLength(2);
    expect(small.text).toMatch(/ {2}violated in \d+ of 20 schedules · seed \d+ · shrunk \d+ → 2 operations/);
    expect(whole.text).not.toContain("shrunk");
  });

  it("is the same, however many processes there are", async () => {
    const told = async (processes: number) => {
      const { document, traces } = await run("budget", { processes });
      return JSON.stringify([document.runs.map((each) => ({ ...each, wallMs: 0 })), ...traces.values()]);
    };
    expect(await told(1)).toBe(await told(2));
  });

  it("of a scenario loses faults that have no part in it, and windows get round ends", async () => {
    const { document, text, traces } = await run("scenario", { schedules: 1 });
    expect(document.runs[0]?.violations[0]?.shrunk).toEqual({ operations: 1, faults: 1, sessions: 1 });
    expect(text).toContain(" · shrunk 2 → 1 fault\n");
    const faults = [...traces.values()].flatMap(({ events }) => events.filter((event) => event.kind === "fault"));
    expect(faults.map(({ fault, atUs, phase }) => `${fault} ${phase} ${atUs / 1000}`)).toEqual([
      "partition start 0",
      "partition end 500",
    ]);
  });

  it("is told first as it was found, and at last as small as it is known when it is stopped", async () => {
    const controller = new AbortController();
    let first: SimulateOptions["onViolation"] extends ((run: infer R) => void) | undefined ? R | undefined : never;
    const { document } = await run("budget", {
      schedules: 10_000,
      signal: controller.signal,
      onViolation: (violated) => {
        first = violated;
        controller.abort();
      },
    });
    expect(first?.violations[0]).toMatchObject({ name: "never overspent", shrunk: null });
    expect(document.runs[0]).toMatchObject({ outcome: "violated", violations: [{ name: "never overspent" }] });
  });
});
