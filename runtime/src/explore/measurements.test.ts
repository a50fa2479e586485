import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cache, Eventual, type Level, Linearizable, NoConsistency, Replicated, raft, register } from "../index.js";
import { isolate } from "../simulation/index.js";
import { exploreScenario } from "./explore.js";
import { addMeasurements, joined, type Measurements, noMeasurements, percentileOf } from "./measurements.js";
import type { Scenario } from "./scenario.js";
import { Account, all, of } from "./testing/account.js";

const explored = async (scenario: Scenario, levels: Readonly<Record<string, Level>> | undefined, schedules = 3) =>
  (
    await exploreScenario({
      ...{ evaluate: () => scenario, target: "test", seed: 1, schedules, levels },
      isUserFile: () => false,
    })
  ).report;

const measured = async (scenario: Scenario, levels: Readonly<Record<string, Level>>): Promise<Measurements> => {
  const { measurements } = await explored(scenario, levels);
  if (measurements === undefined) throw new Error("nothing was measured");
  return measurements;
};

/** Each region withdraws once, where a refusal is no failure. */
const withdrawals = (faults: Parameters<typeof of>[1] = {}) =>
  of(async ({ session, check }) => {
    await Promise.all(
      all.map(async (region) => {
        await session(region)
          .open(Account, "a")
          .withdraw(10)
          .catch(() => undefined);
      }),
    );
    await check("something was judged", () => true);
  }, faults);

const cut = { faults: [isolate("nyc", { fromMs: 0, untilMs: 60_000 })] };

describe("levels that are assigned", () => {
  it("take the place of annotations, by field and for all others, and are measured under their own names", async () => {
    const { fields } = await measured(
      of(async ({ session }) => {
        await session("nyc").open(Account, "a").balance.write(1);
        await session("nyc").open(Account, "a").note.write("x");
        await session("nyc").open(Account, "b").note.read();
      }),
      { "*": "sequential" },
    );
    expect(fields).toEqual([
      { field: "Account.balance", annotated: "linearizable", isCopy: false, operations: 3, mutations: 3 },
      { field: "Account.note", annotated: "eventual", isCopy: false, operations: 6, mutations: 3 },
      { field: "Account.tags", annotated: "eventual", isCopy: false, operations: 0, mutations: 0 },
    ]);
  });

  it("answer, or refuse, on the side that is cut off, as the level has it", async () => {
    const refused = async (level: Level) => {
      const { regions } = await measured(withdrawals(cut), { "Account.balance": level });
      return regions.map(({ region, cutOff, refused }) => `${region} ${refused}/${cutOff}`);
    };
    expect(await refused("linearizable")).toEqual(["nyc 3/3", "london 0/3", "tokyo 0/3"]);
    expect(await refused("sequential")).toEqual(["nyc 3/3", "london 0/3", "tokyo 0/3"]);
    expect(await refused("causal")).toEqual(["nyc 0/3", "london 0/3", "tokyo 0/3"]);
    expect(await refused("none")).toEqual(["nyc 0/3", "london 0/3", "tokyo 0/3"]);
  });

  it("count no operation as cut off while all links are up", async () => {
    const { regions, operations } = await measured(withdrawals(), { "*": "eventual" });
    expect(regions.map(({ cutOff }) => cutOff)).toEqual([0, 0, 0]);
    expect(operations).toBe(9);
    for (const { latencies } of regions) expect(latencies.reduce((sum, [, count]) => sum + count, 0)).toBe(3);
  });

  it("count an operation that a cut befell, though it healed before the answer", async () => {
    const shortCut = { faults: [isolate("nyc", { fromMs: 5, untilMs: 20 })] };
    const { regions } = await measured(withdrawals(shortCut), { "*": "linearizable" });
    expect(regions[0]).toMatchObject({ region: "nyc", cutOff: 3 });
  });

  it("send what their mechanisms send", async () => {
    const write = of(async ({ session, sleep }) => {
      await session("nyc").open(Account, "a").note.write("x");
      await sleep(1);
    });
    expect((await measured(write, { "*": "none" })).messages).toBe(0);
    // One to each peer, in each of three schedules.
    expect((await measured(write, { "*": "causal" })).messages).toBe(6);
  });

  it("lower to none only what is meant to be shared, and say what is lost", async () => {
    const write = of(async ({ session }) => {
      await session("nyc").open(Account, "a").note.write("x");
      await session("nyc").open(Local, "a").seen.write(1);
    });
    const { violations } = await explored(write, { "*": "none" });
    const names = violations.map(({ kind, name }) => `${kind}: ${name}`).sort();
    expect(names).toEqual(["divergence: a.note converges", "divergence: no acknowledged write to a.note is lost"]);
    expect((await explored(write, undefined)).violations).toEqual([]);
    expect((await explored(write, undefined)).measurements).toBeUndefined();
  });

  it("drop the mechanism that was chosen for another level, and leave copies of other cells as they are", async () => {
    const { fields } = await measured(
      of(async ({ session }) => {
        await session("london").open(Local, "a").stale.write(1);
        await session("london").open(Local, "a").copy.read();
      }),
      { "*": "eventual" },
    );
    expect(fields.find(({ field }) => field === "Local.copy")).toMatchObject({ annotated: "none", isCopy: true });
    const atLeader = of(async ({ session, check }) => {
      await session("nyc").open(Local, "a").stale.write(1);
      await check("london sees it", async () => (await session("london").open(Local, "a").stale.read()) === 1);
    });
    // What Raft's leader took is lost nowhere; gossip, which eventual has instead, has not arrived yet.
    expect((await explored(atLeader, { "Local.stale": "linearizable" })).outcome).toBe("holds");
    expect((await explored(atLeader, { "Local.stale": "eventual" })).outcome).toBe("violated");
  });

  it("join the fields that one transaction works on", async () => {
    const both = of(async ({ session }) => {
      const nyc = session("nyc");
      await nyc.open(Account, "a").transfer(nyc.open(Account, "b"), 1);
    });
    expect((await measured(both, { "*": "linearizable" })).transactions).toEqual([]);
    expect(joined([["a", "b"], ["c"], ["d", "c"], ["b", "e"]])).toEqual([
      ["a", "b", "e"],
      ["c", "d"],
    ]);
  });
});

/** Cells whose annotations say more than a level. */
@Replicated()
class Local {
  @NoConsistency() readonly seen = register(0);
  @Linearizable({ mechanism: raft({ reads: "leader" }) }) readonly stale = register(0);
  @NoConsistency({ mechanism: cache({ origin: "source", ttlMs: 50 }) }) readonly copy = register(0);
  @Eventual() readonly source = register(0);
  constructor(readonly id: string) {}
}

const count = fc.integer({ min: 0, max: 50 });
const histogram = fc
  .uniqueArray(fc.tuple(count, count), { selector: ([value]) => value, maxLength: 6 })
  .map((pairs) => pairs.sort(([a], [b]) => a - b));
const anyMeasurements: fc.Arbitrary<Measurements> = fc.record({
  judged: fc.uniqueArray(fc.constantFrom("one", "two")),
  fields: fc.constantFrom(
    [],
    [{ field: "A.b", annotated: "causal" as const, isCopy: false, operations: 2, mutations: 1 }],
  ),
  transactions: fc.constant([]),
  regions: fc.uniqueArray(
    fc.record({ region: fc.constantFrom("nyc", "london"), cutOff: count, refused: count, latencies: histogram }),
    { selector: ({ region }) => region },
  ),
  operations: count,
  misfits: fc.subarray(["A.b", "A.c"]),
  messages: count,
});

describe("measurements", () => {
  it("add up to the same, however they are grouped", () => {
    fc.assert(
      fc.property(anyMeasurements, anyMeasurements, anyMeasurements, (a, b, c) => {
        expect(addMeasurements(addMeasurements(a, b), c)).toEqual(addMeasurements(a, addMeasurements(b, c)));
        expect(addMeasurements(noMeasurements, a)).toEqual(a);
      }),
    );
  });

  it("have the percentiles of all values written out", () => {
    fc.assert(
      fc.property(histogram, fc.integer({ min: 1, max: 100 }), (pairs, percent) => {
        const values = pairs.flatMap(([value, times]) => Array.from({ length: times }, () => value));
        expect(percentileOf(pairs, percent)).toBe(values[Math.ceil((values.length * percent) / 100) - 1]);
      }),
    );
  });
});
