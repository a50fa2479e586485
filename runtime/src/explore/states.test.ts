import { describe, expect, it } from "vitest";
import {
  Causal,
  counter,
  Eventual,
  Linearizable,
  log,
  map,
  NoConsistency,
  Replicated,
  register,
  set,
  trueTime,
} from "../index.js";
import { crash, partition, randomFaults, type Scenario, scenario, simulate } from "../simulation/index.js";
import type { StateEvent, Trace } from "../simulation/trace.js";
import { runSchedule } from "./run.js";

@Replicated()
class Page {
  @Linearizable() readonly owner = register("nobody");
  @Eventual() readonly views = counter(5);
  @Eventual() readonly tags = set<string>();
  @Causal() readonly comments = log<string>();
  @NoConsistency() readonly copy = register("empty");
  @Eventual({ merge: (a: string, b: string) => (a < b ? `${a}+${b}` : `${b}+${a}`) }) readonly title = register("");
  // What a function draws, and how often it is called, is a part of the schedule.
  @Eventual({ merge: (a: number, b: number) => Math.max(a, b) + 0 * Math.random() }) readonly score = register(0);
  @Causal() readonly drafts = map<string, string>();

  constructor(readonly id: string) {}
}

@Replicated()
class Timed {
  @Linearizable({ mechanism: trueTime() }) readonly owner = register("nobody");

  constructor(readonly id: string) {}
}

const regions = ["nyc", "london", "tokyo"] as const;
type Region = (typeof regions)[number];
type Body = Parameters<typeof scenario<Region>>[2];
type Options = Parameters<typeof scenario<Region>>[1];
const of = (body: Body, options: Partial<Options> = {}): Scenario => scenario("states", { regions, ...options }, body);

const statesOf = ({ events }: Trace): readonly StateEvent[] => events.filter((event) => event.kind === "state");
const told = (trace: Trace, cell: string): readonly string[] =>
  statesOf(trace).flatMap((event) => (event.cell === cell ? [`${event.region} ${event.value}`] : []));

/** Everything at once, so that replicas differ all the time. */
const busy = of(
  async ({ session, random, sleep }) => {
    await Promise.all(
      regions.map(async (region, index) => {
        const page = session(region).open(Page, "home");
        for (let i = 0; i < 4; i++) {
          const name = `${region}${i}`;
          const all = [
            page.owner.write(name),
            page.views.increment(),
            page.tags.add(name),
            page.comments.append(name),
            page.copy.write(name),
            page.title.write(name),
            page.score.write(index),
            page.drafts.put("draft", name),
          ];
          await Promise.allSettled(all);
          await sleep(random() * 400);
        }
      }),
    );
  },
  { faults: randomFaults() },
);

describe("states in a trace", () => {
  it("tell what each replica holds and when, from an initial value on", async () => {
    const { trace } = await simulate(
      of(async ({ session, sleep }) => {
        await session("nyc").open(Page, "home").views.increment(2);
        await sleep(10_000);
        await session("tokyo").open(Page, "home").owner.write("ann");
      }),
      { seed: 3 },
    );
    expect(trace.cells).toContainEqual({
      cell: "home.views",
      field: "Page.views",
      level: "eventual",
      mechanism: "gossip",
      initial: "5",
    });
    expect(trace.cells).toContainEqual({
      cell: "home.owner",
      field: "Page.owner",
      level: "linearizable",
      mechanism: "raft",
      initial: '"nobody"',
    });
    expect(told(trace, "home.views")[0]).toBe("nyc 7");
    expect([...told(trace, "home.views")].sort()).toEqual(["london 7", "nyc 7", "tokyo 7"]);
    expect([...told(trace, "home.owner")].sort()).toEqual(['london "ann"', 'nyc "ann"', 'tokyo "ann"']);
  });

  it("tell beside what is shown a commit whose time has not come", async () => {
    const { trace } = await simulate(
      of(async ({ session, sleep }) => {
        await session("nyc").open(Timed, "home").owner.write("ann");
        await sleep(10_000);
      }),
      { seed: 3 },
    );
    const inNewYork = told(trace, "home.owner").filter((state) => state.startsWith("nyc"));
    expect(inNewYork).toEqual(['nyc "nobody", soon "ann"', 'nyc "ann"']);
  });

  it("differ while a partition lasts, and are the same after it", async () => {
    const { trace } = await simulate(
      of(
        async ({ session, sleep }) => {
          await session("nyc").open(Page, "home").tags.add("a");
          await session("london").open(Page, "home").tags.add("b");
          await sleep(4_000);
        },
        { faults: [partition([["nyc"], ["london", "tokyo"]], { fromMs: 0, untilMs: 3_000 })] },
      ),
      { seed: 1 },
    );
    const during = statesOf(trace).filter(({ atUs }) => atUs < 3_000_000);
    expect([...during].map(({ region, value }) => `${region} ${value}`).sort()).toEqual([
      "london {b}",
      "nyc {a}",
      "tokyo {b}",
    ]);
    expect([...told(trace, "home.tags")].slice(3).sort()).toEqual(["london {a, b}", "nyc {a, b}", "tokyo {a, b}"]);
  });

  it("tell what a crash has taken, once the replica is back", async () => {
    const { trace } = await simulate(
      of(
        async ({ session, sleep }) => {
          await session("nyc").open(Page, "home").copy.write("kept in memory");
          await session("nyc").open(Page, "home").views.increment();
          await sleep(2_000);
        },
        { faults: [crash("nyc", { fromMs: 500, untilMs: 1_000 })] },
      ),
      { seed: 1 },
    );
    expect(told(trace, "home.copy")).toEqual(['nyc "kept in memory"', 'nyc "empty"']);
    expect(statesOf(trace).find(({ value }) => value === '"empty"')?.atUs).toBe(1_000_000);
    expect(told(trace, "home.views").filter((each) => each.startsWith("nyc"))).toEqual(["nyc 6"]);
  });

  it("show concurrent writes as they are where a function of the user's has to merge them", async () => {
    const { trace } = await simulate(
      of(async ({ session }) => {
        const write = (region: Region) => session(region).open(Page, "home").title.write(region);
        await Promise.all([write("nyc"), write("tokyo")]);
      }),
      { seed: 1 },
    );
    expect(
      told(trace, "home.title")
        .filter((each) => each.startsWith("london"))
        .at(-1),
    ).toMatch(/^london "(nyc" ∥ "tokyo|tokyo" ∥ "nyc)"$/);
  });

  it("end with what every region reads", async () => {
    const read: string[] = [];
    const reading = of(
      async (context) => {
        await busy.body(context);
        context.converged("reads", async (session) => {
          const page = session.open(Page, "home");
          const views = `${session.region} ${await page.views.read()}`;
          read.push(views, `${session.region} "${await page.owner.read()}"`);
        });
      },
      { faults: randomFaults() },
    );
    const { trace } = await simulate(reading, { seed: 5 });
    const last = (region: string, cell: string) => told(trace, cell).findLast((each) => each.startsWith(region));
    expect(read).toEqual(regions.flatMap((region) => [last(region, "home.views"), last(region, "home.owner")]));
  });

  it("cost a schedule nothing: traced or not, it is the same", async () => {
    const options = { isUserFile: () => true };
    for (let seed = 1; seed <= 12; seed++) {
      const explored = await runSchedule(() => busy, { ...options, seed });
      const traced = await runSchedule(() => busy, { ...options, seed, traced: true });
      expect([traced.digest, traced.simulatedUs]).toEqual([explored.digest, explored.simulatedUs]);
      expect(explored.trace).toBeUndefined();
      expect(statesOf(traced.trace as Trace).length).toBeGreaterThan(20);
    }
  });
});
