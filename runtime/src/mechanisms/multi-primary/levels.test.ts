import { describe, expect, it } from "vitest";
import {
  Causal,
  Eventual,
  isUnavailable,
  Linearizable,
  lastWriterWins,
  multiPrimary,
  Replicated,
  register,
  Sequential,
} from "../../index.js";
import { clockSkew, explore, partition, randomFaults, type Session, scenario } from "../../simulation/index.js";

/** What is asked of multi-primary replication, and more than it gives. */
@Replicated()
class Probe {
  @Eventual({ mechanism: multiPrimary() }) readonly eventual = register(0);
  @Eventual({ mechanism: multiPrimary(), merge: Math.max }) readonly greatest = register(0);
  @Eventual({ mechanism: multiPrimary(), merge: lastWriterWins.wallClock }) readonly byWallClock = register(0);
  @Causal({ mechanism: multiPrimary() }) readonly causal = register(0);
  @Sequential({ mechanism: multiPrimary() }) readonly sequential = register(0);
  @Linearizable({ mechanism: multiPrimary() }) readonly linearizable = register(0);
  constructor(readonly id: string) {}
}

type Field = Exclude<keyof Probe, "id">;

const regions = ["nyc", "london", "tokyo"] as const;
const options = { regions, faults: randomFaults() };
const cell = (session: Session, field: Field, id: string) => session.open(Probe, id)[field];
const tolerant = async (work: Promise<unknown>) => {
  await work.catch((error: unknown) => {
    if (!isUnavailable(error)) throw error;
  });
};

/** Two objects, a session in each region and one that moves on after each operation. */
const twoObjects = (field: Field) =>
  scenario("replicas agree in the end", options, async ({ session, sleep, random, converged }) => {
    let written = 0;
    const works = async (worker: Session, moves: boolean) => {
      for (let i = 0; i < 6; i++, await sleep(random() * 400)) {
        const target = cell(worker, field, random() < 0.7 ? "x" : "y");
        await tolerant(random() < 0.6 ? target.write(++written) : target.read());
        if (moves) worker.moveTo(regions[Math.floor(random() * 3)] as string);
      }
    };
    const shown = new Set<string>();
    converged("one value each", async (s) => {
      shown.add(`${await cell(s, field, "x").read()} ${await cell(s, field, "y").read()}`);
      return shown.size === 1;
    });
    await Promise.all([...regions.map((region) => works(session(region), false)), works(session("nyc"), true)]);
  });

describe("eventual, which it claims", () => {
  it.each(["eventual", "greatest", "byWallClock"] as const)("%s holds on 300 seeds of random faults", async (field) => {
    const report = await explore(twoObjects(field), { schedules: 300 });
    expect(report.violations).toEqual([]);
    expect(report.outcome).toBe("holds");
    expect(report.vacuous).toBe(0);
  });

  it("answers on every side of a partition", async () => {
    const faults = [partition([["nyc"], ["london"], ["tokyo"]], { fromMs: 0, untilMs: 5_000 })];
    const split = scenario("all sides write", { regions, faults }, async ({ session, sleep, check }) => {
      await sleep(100);
      for (const region of regions) {
        const local = cell(session(region), "eventual", "x");
        await local.write(1);
        await check("it reads its write", async () => (await local.read()) === 1);
      }
    });
    expect((await explore(split, { schedules: 20 })).violations).toEqual([]);
  });
});

/** A property of each level above, which the level promises and two primaries do not keep. */
const promises = {
  causal: scenario("an answer is never seen without its question", options, async (context) => {
    const { session, sleep, random, check } = context;
    const answers = async (london = session("london")) => {
      for (let i = 0; i < 40; i++, await sleep(random() * 40))
        if ((await cell(london, "causal", "question").read()) === 1) return cell(london, "causal", "answer").write(1);
    };
    const reads = async (tokyo = session("tokyo")) => {
      for (let i = 0; i < 60; i++, await sleep(random() * 40)) {
        const answered = await cell(tokyo, "causal", "answer").read();
        const asked = await cell(tokyo, "causal", "question").read();
        await check("the question is there", () => answered === 0 || asked === 1);
      }
    };
    await Promise.all([cell(session("nyc"), "causal", "question").write(1), answers(), reads()].map(tolerant));
  }),

  "causal, for a session that moves": scenario("a session sees what it wrote", options, async (context) => {
    const { session, sleep, random, check } = context;
    const traveller = session("nyc");
    await cell(traveller, "causal", "x").write(1);
    await sleep(random() * 100);
    traveller.moveTo("tokyo");
    await check("its write", async () => (await cell(traveller, "causal", "x").read()) === 1);
  }),

  sequential: scenario("two readers agree on the order of two writes", options, async (context) => {
    const { session, sleep, random, check } = context;
    const sawOnlyFirst = async (reader: Session, first: string, second: string) => {
      const seen: string[] = [];
      for (let i = 0; i < 20; i++, await sleep(random() * 20))
        seen.push(
          `${await cell(reader, "sequential", first).read()}${await cell(reader, "sequential", second).read()}`,
        );
      return seen.includes("10");
    };
    const write = (region: (typeof regions)[number], id: string) => cell(session(region), "sequential", id).write(1);
    const [, , xFirst, yFirst] = await Promise.all([
      write("nyc", "x"),
      write("london", "y"),
      sawOnlyFirst(session("nyc"), "x", "y"),
      sawOnlyFirst(session("london"), "y", "x"),
    ]);
    await check("they agree", () => !(xFirst && yFirst));
  }),

  linearizable: scenario("a completed write is seen everywhere at once", options, async ({ session, check }) => {
    await cell(session("nyc"), "linearizable", "x").write(1);
    await check("it is seen", async () => (await cell(session("tokyo"), "linearizable", "x").read()) === 1);
  }),
};

describe("every level above is promised by others: the seed that shows it", () => {
  it.each(Object.keys(promises) as (keyof typeof promises)[])("%s", async (promise) => {
    const report = await explore(promises[promise], { schedules: 150 });
    expect(report.outcome).toBe("violated");
    expect(report.violations.map(({ kind, name, seed }) => `${kind} "${name}", seed ${seed}`)).toMatchSnapshot();
  });
});

describe("the later of two concurrent writes stays", () => {
  const lastWrite = (field: Field, faults: readonly ReturnType<typeof partition>[]) =>
    scenario("the last writer wins", { regions, faults }, async ({ session, sleep, converged }) => {
      await sleep(100);
      await cell(session("nyc"), field, "x").write(1);
      await sleep(1_000);
      await cell(session("london"), field, "x").write(2);
      converged("the later value", async (s) => (await cell(s, field, "x").read()) === 2);
    });
  const cut = partition([["nyc"], ["london", "tokyo"]], { fromMs: 0, untilMs: 3_000 });

  it.each(["eventual", "byWallClock"] as const)("%s: while clocks agree", async (field) => {
    expect((await explore(lastWrite(field, [cut]), { schedules: 50 })).outcome).toBe("holds");
  });

  it.each(["eventual", "byWallClock"] as const)(
    "%s: but not under skew, where neither had seen the other",
    async (field) => {
      const report = await explore(lastWrite(field, [cut, clockSkew("nyc", 5_000, { fromMs: 0 })]), { schedules: 5 });
      expect(report.violations).toMatchObject([{ name: "the later value", seed: 1, count: 5 }]);
    },
  );
});
