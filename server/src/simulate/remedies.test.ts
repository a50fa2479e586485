import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { simulateDocumentSchema } from "../documents/simulate.js";
import { simulate } from "./index.js";
import type { SimulateOptions } from "./simulate.js";
import { createProject, type Project } from "./testing/project.js";

// Child processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
  project.write("page.ts", page);
});

afterAll(() => {
  project.remove();
});

/** The same views once only added to, once halved now and then, once written; and what one node alone is told. */
const page = `import { Eventual, NoConsistency, Replicated, register, set } from "@faultline/runtime";
  import { partition, scenario } from "@faultline/runtime/simulation";
  @Replicated()
  export class Page {
    @Eventual() readonly views = register(0);
    @Eventual() readonly tags = register<readonly string[]>([]);
    @NoConsistency() readonly title = register("");
    async visit() { await this.views.update((views) => views + 1); }
    async visitAndReset() { await this.views.update((views) => views + 1); if ((await this.views.read()) > 9) await this.views.write(0); }
    async overwrite() { await this.views.write((await this.views.read()) + 1); }
  }
  const regions = ["nyc", "london", "tokyo"] as const;
  const faults = [partition([["nyc"], ["london", "tokyo"]], { fromMs: 0, untilMs: 4_000 })];
  const visits = (visit: (page: Page) => Promise<void>) =>
    scenario("every visit counts", { regions, faults }, async ({ session, sleep, random, converged }) => {
      let visits = 0;
      converged("all are counted", async (s) => (await s.open(Page, "home").views.read()) === visits);
      await Promise.all((["nyc", "london"] as const).map(async (region) => {
        await sleep(random() * 8_000);
        await visit(session(region).open(Page, "home")).then(() => visits++, () => {});
      }));
    });
  export const counted = visits((page) => page.visit());
  export const reset = visits((page) => page.visitAndReset());
  export const written = visits((page) => page.overwrite());
  export const told = scenario("all know the title", { regions }, async ({ session, converged }) => {
    await session("nyc").open(Page, "home").title.write("Home");
    converged("all show it", async (s) => (await s.open(Page, "home").title.read()) === "Home");
  });`;

const run = (name: string, rest: Partial<SimulateOptions> = {}) =>
  simulate({ file: `${project.root}/page.ts`, name, schedules: 300, seed: 1, cwd: project.root, ...rest });

const remediesOf = async (name: string, rest: Partial<SimulateOptions> = {}) =>
  (await run(name, rest)).document.runs[0]?.violations[0]?.remedies;

describe("remedies that can be tried", () => {
  it("are, with the same seeds: what is still violated, what it costs, what is refused", async () => {
    const { document, text } = await run("counted");
    const [violation] = document.runs[0]?.violations ?? [];
    const [counter, linearizable] = violation?.remedies ?? [];
    expect(counter).toMatchObject({ text: "make it `counter()`", tried: { schedules: 200, violated: 0, others: [] } });
    expect(counter?.tried).toMatchObject({ addedP50Ms: expect.closeTo(0, 0), refused: 0 });
    expect(counter?.tried?.before).toBeGreaterThan(10);
    expect(linearizable?.text).toBe("`@Linearizable()`");
    expect(linearizable?.tried?.refused).toBeGreaterThan(10);
    expect(linearizable?.tried?.addedP50Ms).toBeGreaterThan(20);
    expect(text).toMatch(/^ {2}Do {4}make it `counter\(\)` {7}0 of 200 violated · \+0 ms$/m);
    expect(simulateDocumentSchema.safeParse(document).success).toBe(true);
  });

  it("come to the same, however many processes share them", async () => {
    const [one, two] = [await run("counted", { processes: 1 }), await run("counted", { processes: 3 })];
    expect(two.text).toBe(one.text);
    expect(one.text).toContain("of 200 violated");
  });

  it("are tried where the failing schedule is, in no more schedules than were asked for", async () => {
    const tried = (await remediesOf("counted", { schedules: 60, shard: { index: 2, count: 2 } }))?.[0]?.tried;
    expect(tried?.schedules).toBe(10);
    expect(tried?.before).toBeGreaterThan(0);
    // One schedule says nothing of others.
    const failing = (await run("counted")).document.runs[0]?.violations[0]?.seed ?? 0;
    const alone = await remediesOf("counted", { schedules: 1, seed: failing });
    expect(alone?.map((each) => each.tried)).toEqual([null, null]);
  });

  it("say nothing of a counter where a register is written", async () => {
    const [counter, linearizable] = (await remediesOf("reset")) ?? [];
    // No schedule comes to ten, so that nothing is written: what is not reached is no obstacle.
    expect(counter?.tried).toMatchObject({ violated: 0 });
    expect(linearizable?.tried).toMatchObject({ violated: 0 });
    const written = (await remediesOf("written")) ?? [];
    expect(written.length).toBeGreaterThan(0);
    for (const { text, tried } of written) if (text.includes("counter")) expect(tried).toBeNull();
  });

  it("are what a level that replicates nothing is cured by", async () => {
    expect(await remediesOf("told")).toMatchObject([
      { text: expect.stringContaining("@Eventual()"), tried: { violated: 0, before: 200, schedules: 200 } },
    ]);
  });

  it("are left out once somebody stops the run, which keeps what it found", async () => {
    const abort = new AbortController();
    const { document } = await run("counted", {
      signal: abort.signal,
      onProgress: ({ trying }) => trying && abort.abort("by the test"),
    });
    const [first] = document.runs;
    expect(first?.outcome).toBe("violated");
    expect(first?.violations[0]?.remedies.map(({ tried }) => tried)).toEqual([null, null]);
  });
});
