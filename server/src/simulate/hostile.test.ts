import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { simulate, UnusableInputError } from "./index.js";
import { doesNotEnd, hostilePrograms } from "./testing/hostile-programs.js";
import { createProject, type Project, scenarioFile } from "./testing/project.js";

// Child processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
});

afterAll(() => {
  project.remove();
});

/** How it ended in a line, and what it printed. */
async function run(file: string, deadlineMs: number): Promise<{ readonly end: string; readonly printed: string }> {
  let printed = "";
  const onOutput = (text: string) => {
    printed += text;
  };
  const limits = { deadlineMs, heapLimitMb: 128, memoryLimitMb: 500 };
  const options = { file, cwd: project.root, schedules: 3, seed: 1, processes: 1, limits, onOutput };
  const end = await simulate(options).then(
    ({ document: { runs } }) => {
      const [{ outcome, reason, violations } = expect.fail("no run")] = runs;
      const said = reason ?? violations.map(({ kind, message }) => `${kind}: ${message}`).join("; ");
      return `${outcome}: ${said}`;
    },
    (error: unknown) => {
      if (!(error instanceof UnusableInputError)) throw error;
      return `refused: ${error.message}`;
    },
  );
  return { end, printed };
}

describe.concurrent("a hostile program ends as a clear result", () => {
  for (const [index, [what, { before = "", body = "", ends, prints }]] of Object.entries(hostilePrograms).entries())
    it(what, async ({ expect }) => {
      const file = project.write(`hostile-${index}.ts`, scenarioFile(body, before));
      const { end, printed } = await run(file, ends === doesNotEnd ? 2_000 : 30_000);
      expect(end).toMatch(ends);
      if (prints !== undefined) expect(printed).toMatch(prints);
    });
});
