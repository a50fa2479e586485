import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { simulate } from "./index.js";
import type { SimulateOptions, SimulateProgress, SimulateRun } from "./simulate.js";
import { createProject, type Project, scenarioFile } from "./testing/project.js";

// Child processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;
let files = 0;

beforeAll(async () => {
  project = await createProject();
});

afterAll(() => {
  project.remove();
});

function writeScenario(...body: readonly string[]): string {
  return project.write(`case-${files++}.ts`, scenarioFile(body.join("\n")));
}

/** The run, and all else that does not depend on the clock. */
async function run(file: string, options: Partial<SimulateOptions>) {
  const { document, text, traces } = await simulate({ file, cwd: project.root, schedules: 130, seed: 11, ...options });
  const runs = document.runs.map((each) => ({ ...each, wallMs: 0 }));
  const [first] = runs;
  if (first === undefined) throw new Error("no run");
  return { first, all: { runs, text, traces: [...traces] } };
}

const sometimes = [
  "await sleep(Math.random() * 50);",
  "await page.owner.write(String(Math.random())).catch(() => {});",
  'await check("often", () => Math.random() > 0.2);',
  'await check("rarely", () => Math.random() > 0.02);',
];

describe("a run", () => {
  it("is byte for byte the same in any number of processes", async () => {
    const file = writeScenario(...sometimes);
    const alone = await run(file, { processes: 1 });
    expect(alone.first).toMatchObject({ outcome: "violated", schedules: 130 });
    expect(alone.first.violations.map(({ name }) => name).sort()).toEqual(["often", "rarely"]);
    for (const processes of [2, 3]) expect((await run(file, { processes })).all).toEqual(alone.all);
  });

  it("is the sum of its shards", async () => {
    const file = writeScenario(...sometimes);
    const { first: whole } = await run(file, {});
    const shards = await Promise.all([1, 2, 3].map((index) => run(file, { shard: { index, count: 3 } })));
    expect(shards.map(({ first }) => first.schedules)).toEqual([50, 50, 30]);
    const sum = (of: (single: typeof whole) => number) => shards.reduce((total, { first }) => total + of(first), 0);
    const countOf = (name: string) => (single: typeof whole) =>
      single.violations.find((violation) => violation.name === name)?.count ?? 0;
    expect(sum(countOf("often"))).toBe(countOf("often")(whole));
    expect(sum(countOf("rarely"))).toBe(countOf("rarely")(whole));
    const seeds = shards.flatMap(({ first }) => first.violations.filter(({ name }) => name === "often"));
    expect(Math.min(...seeds.map(({ seed }) => seed))).toBe(
      whole.violations.find(({ name }) => name === "often")?.seed,
    );
    expect(sum(({ operations }) => operations[0]?.ok ?? 0)).toBe(whole.operations[0]?.ok);
  });

  it("shows the first failing schedule while the others still run", async () => {
    const told: SimulateRun[] = [];
    const progress: SimulateProgress[] = [];
    const { first: whole } = await run(writeScenario(...sometimes), {
      onViolation: (found) => told.push(found),
      onProgress: (each) => progress.push(each),
    });
    const [violation] = whole.violations;
    expect(told).toHaveLength(1);
    // Of those that come after it nothing need be known.
    const schedules = (violation?.seed ?? 0) - whole.seed + 1;
    expect(told[0]).toMatchObject({ outcome: "violated", schedules, target: whole.target });
    expect(told[0]?.violations).toMatchObject([{ name: violation?.name, seed: violation?.seed }]);
    expect(told[0]?.violations[0]?.location).toEqual(violation?.location);
    expect(progress.at(-1)).toMatchObject({ done: 130, total: 130, first: { seed: violation?.seed } });
  });

  it("that hangs in one schedule ends there, whichever process meets it", async () => {
    const file = writeScenario("const draw = Math.random();", "if (draw < 0.02) for (;;) {}");
    const limits = { deadlineMs: 2_000 };
    const alone = await run(file, { processes: 1, limits });
    expect(alone.first.reason).toMatch(/^The schedule with seed \d+ did not end within 2 s/);
    expect(alone.first.schedules).toBe(Number(/seed (\d+)/.exec(alone.first.reason ?? "")?.[1]) - 11);
    expect((await run(file, { processes: 3, limits })).all).toEqual(alone.all);
  });

  it("that violates something before it hangs is violated", async () => {
    const file = writeScenario(
      "const draw = Math.random();",
      "if (draw < 0.02) for (;;) {}",
      'await check("half", () => draw > 0.5);',
    );
    const limits = { deadlineMs: 2_000 };
    const alone = await run(file, { processes: 1, limits });
    expect(alone.first).toMatchObject({ outcome: "violated", violations: [{ name: "half" }] });
    expect((await run(file, { processes: 3, limits })).all).toEqual(alone.all);
  });
});
