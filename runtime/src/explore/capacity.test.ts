import { describe, expect, it } from "vitest";
import {
  Eventual,
  gossip,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  Replicated,
  raft,
  register,
} from "../index.js";
import { crash, explore, type Fault, slowRegion } from "../simulation/index.js";
import { capacitiesOf } from "./capacity.js";
import { type ScenarioContext, type ScenarioOptions, scenario } from "./scenario.js";

@Replicated()
class Page {
  @Linearizable({ mechanism: raft(), timeoutMs: 60_000 }) readonly text = register("");
  @Eventual({ mechanism: gossip() }) readonly title = register("");
  constructor(readonly id: string) {}
}

/** Without a leader, whose heartbeats its nodes would have to serve too. */
@Replicated()
class Note {
  @Eventual({ mechanism: gossip() }) readonly title = register("");
  constructor(readonly id: string) {}
}

type Place = "nyc" | "london" | "tokyo";
const regions = ["nyc", "london", "tokyo"] as const;

/** Runs a body once, under these options, and gives what it returned. */
async function measured<T>(
  options: ScenarioOptions<Place>,
  body: (context: ScenarioContext<Place>) => Promise<T>,
): Promise<T> {
  const results: T[] = [];
  const target = scenario("measured", { regions, ...options }, async (context) => {
    results.push(await body(context));
  });
  const { violations } = await explore(target, { schedules: 1 });
  expect(violations).toEqual([]);
  return results[0] as T;
}

/** Operations that clients, as many in each region, complete in two seconds, each asking again as soon as it is answered. */
function throughput(clients: number, operation: (page: Page) => Promise<unknown>): Promise<number> {
  return measured({ capacity: { serviceMs: 2 } }, async ({ session, now }) => {
    let completed = 0;
    const client = async (region: Place) => {
      const page = session(region).open(Page, "home");
      for (;;) {
        await operation(page);
        if (now() > 2_000) return;
        completed++;
      }
    };
    await Promise.all(regions.flatMap((region) => Array.from({ length: clients }, () => client(region))));
    return completed;
  });
}

describe("a leader", () => {
  it("is a bottleneck: four times the clients write no more, while what each region answers itself grows", async () => {
    const [few, many] = [10, 40];
    const writes = (clients: number) => throughput(clients, (page) => page.text.write("new"));
    const [fewWrites, manyWrites] = [await writes(few), await writes(many)];
    expect(manyWrites).toBeLessThan(1.2 * fewWrites);

    // Three nodes, each 500 reads a second, whoever leads: three times what one node could give.
    const reads = await throughput(many, (page) => page.title.read());
    expect(reads).toBeGreaterThan(2_800);
    expect(reads).toBeLessThanOrEqual(3_003);
    expect(reads).toBeGreaterThan(8 * manyWrites);
  });
});

describe("a herd of clients that wait for a region", () => {
  /** Requests that were refused as the region is overloaded, of 300 clients that ask every second until they succeed. */
  const refused = (jitter: boolean) =>
    measured(
      { capacity: { serviceMs: 5, queue: 100 }, faults: [crash("nyc", { fromMs: 0, untilMs: 2_500 })] },
      async ({ session, sleep, random }) => {
        const counts = { overloaded: 0, answered: 0 };
        const client = async () => {
          const page = session("nyc").open(Page, "home");
          for (;;) {
            const outcome = await page.title.read().catch((error: unknown) => {
              if (!isUnavailable(error)) throw error;
              return error;
            });
            if (typeof outcome === "string") break;
            if (outcome.message.includes("overloaded")) counts.overloaded++;
            await sleep(jitter ? 3_000 * random() : 1_000);
          }
          counts.answered++;
        };
        await Promise.all(Array.from({ length: 300 }, client));
        return counts;
      },
    );

  it("overflows its queue when it is back, unless they come back spread over time", async () => {
    const together = await refused(false);
    expect(together.answered).toBe(300);
    expect(together.overloaded).toBeGreaterThan(180);
    expect(await refused(true)).toEqual({ answered: 300, overloaded: 0 });
  });
});

describe("a slow region", () => {
  const latencyMs = (region: Place, faults: readonly Fault[], options: ScenarioOptions<Place> = {}) =>
    measured({ capacity: { serviceMs: 1 }, ...options, faults }, async ({ session, now }) => {
      const { title } = session(region).open(Note, "home");
      const startedMs = now();
      for (let i = 0; i < 20; i++) await title.read();
      return (now() - startedMs) / 20;
    });

  it("takes longer for what it answers itself, and for nothing elsewhere", async () => {
    const slow = [slowRegion("london", 50)];
    expect((await latencyMs("london", slow)) - (await latencyMs("london", []))).toBeCloseTo(49, 0);
    expect(await latencyMs("tokyo", slow)).toBeCloseTo(await latencyMs("tokyo", []), 0);
  });

  it("may be a region whose nodes carry less", async () => {
    const weak = { capacity: { serviceMs: 1, regions: { london: { serviceMs: 10 } } } };
    expect((await latencyMs("london", [], weak)) - (await latencyMs("tokyo", [], weak))).toBeCloseTo(9, 0);
  });
});

describe("a capacity", () => {
  const places = regions.map((name) => ({ name, latitude: 0, longitude: 0 }));

  it("is that of all nodes, except where a region says otherwise", () => {
    expect(capacitiesOf("s", {}, places)).toEqual(regions.map(() => ({ serviceUs: 20, queue: 4096 })));
    expect(capacitiesOf("s", { serviceMs: 1, regions: { tokyo: { queue: 5 } } }, places)).toEqual([
      { serviceUs: 1_000, queue: 4096 },
      { serviceUs: 1_000, queue: 4096 },
      { serviceUs: 1_000, queue: 5 },
    ]);
  });

  it("says what is wrong with it", () => {
    const made = (capacity: object) => () => scenario("s", { regions, capacity }, async () => {});
    expect(made({ serviceMs: -1 })).toThrow(/Scenario "s": capacity.serviceMs is -1; it has to be a number of milli/);
    expect(made({ queue: 0 })).toThrow(/capacity.queue is 0; it has to be a whole number, 1 or more/);
    expect(made({ queueLength: 5 })).toThrow(/there is no "queueLength" in capacity. It has serviceMs and queue/);
    expect(made({ regions: { nyc: { queue: 1.5 } } })).toThrow(/capacity.regions.nyc.queue is 1.5/);
    expect(made({ regions: { paris: {} } })).toThrow(/capacity.regions names "paris", which is not one of its regions/);
  });

  it("that overflows refuses, and loses nothing that was acknowledged", async () => {
    const target = scenario(
      "overload",
      { regions, capacity: { serviceMs: 5, queue: 20 } },
      async ({ session, sleep, random, converged }) => {
        let highest = 0;
        const write = async (value: number) => {
          await sleep(random() * 500);
          const { text } = session(regions[value % 3] as Place).open(Page, "home");
          await text.write(String(value)).then(
            () => (highest = Math.max(highest, value)),
            (error: unknown) => {
              if (!isUnavailable(error) && !isIndeterminate(error)) throw error;
            },
          );
        };
        await Promise.all(Array.from({ length: 300 }, (_, i) => write(i + 1)));
        converged("something was written", async (s) => highest > 0 && (await s.open(Page, "home").text.read()) !== "");
      },
    );
    const report = await explore(target, { schedules: 5 });
    expect([report.outcome, report.violations]).toEqual(["holds", []]);
    expect(report.operations.some(({ fail }) => fail > 0)).toBe(true);
  });
});
