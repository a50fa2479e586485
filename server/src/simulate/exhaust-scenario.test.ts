import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { exhaustiveText } from "./exhaustive-text.js";
import { simulate } from "./index.js";
import type { FinishedRun } from "./run-scenario.js";
import { createProject, type Project } from "./testing/project.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
  project.write(
    "votes.ts",
    `import { Eventual, Invariant, Linearizable, Replicated, register } from "@faultline/runtime";
@Replicated()
export class Votes {
  @Linearizable() count = register(0);
  @Linearizable() cast = register(0);
  async vote(): Promise<void> {
    await this.count.write((await this.count.read()) + 1);
    await this.cast.update((cast) => cast + 1);
  }
  @Invariant("every vote counts", { when: "converged" })
  async counts(): Promise<boolean> {
    return (await this.count.read()) === (await this.cast.read());
  }
}
@Replicated()
export class Dated {
  @Eventual() at = register(0);
  async date(): Promise<void> {
    await this.at.write(Date.now());
  }
}
`,
  );
});

afterAll(() => {
  project.remove();
});

async function search(
  name: string,
  states: number,
  onProgress: (violated: number) => void = () => {},
  signal?: AbortSignal,
): Promise<FinishedRun> {
  const { finished } = await simulate({
    ...{ file: join(project.root, "votes.ts"), name, cwd: project.root, seed: 1, schedules: 1, signal },
    exhaustive: { sessions: 2, operations: 2, timers: 1, states },
    onProgress: ({ violated }) => onProgress(violated),
  });
  if (finished[0] === undefined || finished.length > 1) throw new Error("one search was asked for");
  return finished[0];
}

it("tells, and traces, what a search has found that is stopped then", async () => {
  const abort = new AbortController();
  const stop = (violated: number) => violated > 0 && abort.abort("by the test");
  const { run, traced } = await search("Votes", 100_000, stop, abort.signal);
  expect(run).toMatchObject({ outcome: "violated", exhaustive: { complete: false } });
  expect(traced.map(({ violations }) => violations.map(({ name }) => name))).toEqual([["every vote counts"]]);
  expect(traced[0]?.decisions?.order).toBeDefined();
});

it("says that user code looks at a clock, and what that means for what is tried", async () => {
  const { run } = await search("Dated", 50);
  expect(run.exhaustive?.noticed).toEqual([{ what: "clock", states: 0 }]);
  expect(exhaustiveText(run)).toContain(
    "a second. User code looks at a clock, so timers that only let time pass count too",
  );
});
