import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { simulate } from "./index.js";
import type { ShrinkProgress } from "./shrink-schedule.js";
import type { SimulateOptions } from "./simulate.js";
import { createProject, type Project } from "./testing/project.js";

// Child processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
  project.write("budget.ts", budget);
  project.write("scenario.ts", scenario);
  project.write("lasting.ts", lasting);
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

const lasting = `import { Eventual, Replicated, register } from "@faultline/runtime";
  import { crash, partition, scenario } from "@faultline/runtime/simulation";
  @Replicated()
  export class Note { @Eventual() readonly text = register(""); }
  const faults = [
    partition([["nyc"], ["london", "tokyo"]], { fromMs: 0, untilMs: 3_210 }),
    crash("tokyo", { fromMs: 0, untilMs: 3_000 }),
  ];
  export const endless = scenario("endless", { faults }, async ({ session, sleep, check }) => {
    await session("nyc").open(Note, "it").text.write("new");
    await sleep(1_000);
    let isUp = true;
    try { await session("tokyo").open(Note, "it").text.read(); } catch { isUp = false; }
    while (isUp);
    await check("it is told within a second", async () => (await session("london").open(Note, "it").text.read()) === "new");
  });
  export const fading = scenario("fading", { faults: [] }, async ({ session, check }) => {
    await session("nyc").open(Note, "it").text.write("new");
    const runs = globalThis.runs = (globalThis.runs ?? 0) + 1;
    await check("it lasts", () => runs > 1);
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

describe("a schedule that is not the smallest", () => {
  it("says so where it was stopped on the way", async () => {
    const controller = new AbortController();
    const { document, text } = await run("budget", {
      signal: controller.signal,
      onProgress: ({ shrinking }) => {
        if (shrinking !== undefined) controller.abort("by Ctrl-C");
      },
    });
    expect(document.runs[0]).toMatchObject({ outcome: "violated", schedules: 20 });
    expect(text).toMatch(/ · (not made smaller|shrunk .*, not to the end): stopped by Ctrl-C\n/);
  });

  it("is told by how far it is", async () => {
    const seen: ShrinkProgress[] = [];
    const { text } = await run("budget", { onProgress: ({ shrinking }) => shrinking && seen.push(shrinking) });
    const seed = Number(/ · seed (\d+) · shrunk/.exec(text)?.[1]);
    expect(seen.length).toBeGreaterThan(0);
    for (const [index, progress] of seen.entries()) {
      expect(progress).toMatchObject({ seed, before: seen[0]?.before });
      expect(progress.tried).toBeGreaterThan(seen[index - 1]?.tried ?? 0);
      expect(progress.now.operations).toBeLessThanOrEqual(
        seen[index - 1]?.now.operations ?? progress.before.operations,
      );
    }
  });

  it("says so where a smaller one does not come to an end", async () => {
    const { document, text } = await run("lasting", {
      ...{ name: "endless", schedules: 1 },
      limits: { deadlineMs: 1_500 },
    });
    expect(document.runs[0]?.violations[0]).toMatchObject({ name: "it is told within a second", seed: 1 });
    expect(text).toMatch(/ · (not made smaller|shrunk .*, not to the end): a smaller one did not come to an end\n/);
  });

  it("says so, and keeps its seed, where it does not show again what it showed", async () => {
    const { document, text } = await run("lasting", { name: "fading", schedules: 1 });
    expect(document.runs[0]?.violations[0]).toMatchObject({ name: "it lasts", seed: 1, shrunk: null });
    expect(text.replace(/\s+/g, " ")).toContain(
      'violated with seed 1 · not made smaller: Seed 1 does not violate "it lasts" (invariant) when what was decided in it is',
    );
  });
});
