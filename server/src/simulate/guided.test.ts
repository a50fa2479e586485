import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { simulate } from "./index.js";
import type { SimulateOptions } from "./simulate.js";
import { createProject, type Project } from "./testing/project.js";

// Child processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
});

afterAll(() => {
  project.remove();
});

/** Sold twice where nobody has heard of the first time yet. */
const seat = `
import { counter, Eventual, Invariant, Replicated, register } from "@faultline/runtime";
console.log("loaded");
@Replicated()
export class Seat {
  @Eventual() readonly holder = register("");
  @Eventual() readonly sales = counter();
  constructor(readonly id: string) {}
  async sell(to: "ann" | "bob") {
    if ((await this.holder.read()) !== "") return;
    await this.holder.write(to);
    await this.sales.increment();
  }
  @Invariant("sold once", { when: "converged" })
  async once() { return (await this.sales.read()) <= 1; }
}`;

async function guided(options: Partial<SimulateOptions> = {}) {
  const file = project.write("seat.ts", seat);
  const printed: string[] = [];
  const result = await simulate({
    ...{ file, cwd: project.root, schedules: 130, seed: 20, strategy: "guided" },
    ...{ onOutput: (text: string) => printed.push(text), ...options },
  });
  const [run] = result.document.runs;
  return { run: run && { ...run, wallMs: 0 }, text: result.text, printed: printed.join("") };
}

describe("guided schedules", () => {
  it("come to the same in any number of processes, though a run begins in the middle of what is learned together", async () => {
    const alone = await guided({ processes: 1 });
    // Otherwise it were `unknown`: violating seeds are replayed in fresh processes, which have to learn first.
    expect(alone.run).toMatchObject({ outcome: "violated", schedules: 130 });
    const shared = await guided({ processes: 2 });
    expect(shared.run).toEqual(alone.run);
    expect(shared.text).toBe(alone.text);
  });

  it("are what their seed says wherever a run begins, in the middle of a shard too", async () => {
    const calls = async (options: Partial<SimulateOptions>) => {
      const { run } = await guided(options);
      return (run?.operations ?? []).reduce((sum, { ok, fail, info }) => sum + ok * 1e8 + fail * 1e4 + info, 0);
    };
    const parts = [await calls({ shard: { index: 1, count: 2 } }), await calls({ shard: { index: 2, count: 2 } })];
    expect((parts[0] ?? 0) + (parts[1] ?? 0)).toBe(await calls({}));
  });

  it("are shown again by a command that says how they were chosen, and print no more than others", async () => {
    const one = { seed: 47, schedules: 1, processes: 1 };
    const { text, printed } = await guided(one);
    expect(text).toContain("npx faultline replay seat.ts#Seat --seed 47 --strategy guided");
    expect(printed).toBe((await guided({ ...one, strategy: "mixed" })).printed);
  });
});
