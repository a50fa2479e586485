import { describe, expect, it } from "vitest";
import {
  Causal,
  Eventual,
  gossip,
  isolated,
  isUnavailable,
  type Level,
  Linearizable,
  NoConsistency,
  orderedLog,
  Replicated,
  register,
  Sequential,
  Transaction,
} from "../index.js";
import { explore, isolate, randomFaults, type Session, scenario } from "../simulation/index.js";

/** The same register at every level. */
@Replicated()
class Probe {
  @NoConsistency() readonly none = register(0);
  @Eventual() readonly eventual = register(0);
  @Causal() readonly causal = register(0);
  @Sequential() readonly sequential = register(0);
  @Linearizable() readonly linearizable = register(0);
  constructor(readonly id: string) {}
}

const regions = ["nyc", "london", "tokyo"] as const;
const read = (session: Session, level: Level, id: string) => session.open(Probe, id)[level].read();
const write = (session: Session, level: Level, id: string, value: number) =>
  session.open(Probe, id)[level].write(value);
const tolerant = async (work: Promise<unknown>) => {
  await work.catch((error: unknown) => {
    if (!isUnavailable(error) && (error as { code?: string }).code !== "FAULTLINE_INDETERMINATE") throw error;
  });
};

/** One property a level, which it promises and the next weaker one does not. */
const promises = {
  eventual: (level: Level) =>
    scenario(
      "all replicas show one value in the end",
      { regions, faults: randomFaults() },
      async ({ session, converged }) => {
        await Promise.all(regions.map((region, i) => tolerant(write(session(region), level, "x", i + 1))));
        const shown = new Set<number>();
        converged("one value", async (s) => shown.add(await read(s, level, "x")).size === 1);
      },
    ),

  causal: (level: Level) =>
    scenario("an answer is never seen without its question", { regions, faults: randomFaults() }, async (context) => {
      const { session, sleep, random, check } = context;
      const asks = async () => write(session("nyc"), level, "question", 1);
      const answers = async (london = session("london")) => {
        for (let i = 0; i < 40; i++, await sleep(random() * 40))
          if ((await read(london, level, "question")) === 1) return write(london, level, "answer", 1);
      };
      const reads = async (tokyo = session("tokyo")) => {
        for (let i = 0; i < 60; i++, await sleep(random() * 40)) {
          const answered = await read(tokyo, level, "answer");
          const asked = await read(tokyo, level, "question");
          await check("the question is there", () => answered === 0 || asked === 1);
        }
      };
      await Promise.all([asks(), answers(), reads()].map(tolerant));
    }),

  sequential: (level: Level) =>
    scenario("two readers agree on the order of two writes", { regions, faults: randomFaults() }, async (context) => {
      const { session, sleep, random, check } = context;
      const readBoth = async (s: Session, first: string, second: string) => {
        const seen: string[] = [];
        for (let i = 0; i < 20; i++, await sleep(random() * 20))
          seen.push(`${await read(s, level, first)}${await read(s, level, second)}`);
        return seen.includes("10"); // saw the first write without the second
      };
      const saw = { xFirst: false, yFirst: false };
      const xThenY = async () => {
        saw.xFirst = await readBoth(session("nyc"), "x", "y");
      };
      const yThenX = async () => {
        saw.yFirst = await readBoth(session("london"), "y", "x");
      };
      const writers = [write(session("nyc"), level, "x", 1), write(session("london"), level, "y", 1)];
      await Promise.all([...writers, xThenY(), yThenX()].map(tolerant));
      await check("they agree", () => !(saw.xFirst && saw.yFirst));
    }),

  linearizable: (level: Level) =>
    scenario("a completed write is seen everywhere at once", { regions, faults: randomFaults() }, async (context) => {
      const { session, sleep, random, check } = context;
      for (let value = 1; value <= 5; value++) {
        const [writer, reader] = [session(regions[value % 3] as "nyc"), session(regions[(value + 1) % 3] as "nyc")];
        await write(writer, level, "x", value);
        const seen = await read(reader, level, "x");
        await check("it is seen", () => seen === value);
        await sleep(random() * 300);
      }
    }),
};

describe.each([
  ["eventual", "none"],
  ["causal", "eventual"],
  ["sequential", "causal"],
  ["linearizable", "sequential"],
] as const)("%s", (level, weaker) => {
  it("keeps its promise, and those of all weaker levels, on 150 seeds of random faults", async () => {
    for (const promise of ["eventual", "causal", "sequential", "linearizable"] as const) {
      const report = await explore(promises[promise](level), { schedules: 150 });
      expect(report.violations.map(({ message, seed }) => ({ message, seed }))).toEqual([]);
      expect(report.schedules).toBe(150);
      if (promise === level) break;
    }
  });

  it(`promises more than ${weaker}: the seed that shows it`, async () => {
    const report = await explore(promises[level](weaker), { schedules: 40 });
    expect(report.violations.map(({ name, seed }) => ({ level: weaker, name, seed }))).toMatchSnapshot();
    expect(report.outcome).toBe("violated");
  });
});

describe("a causal transaction", () => {
  @Replicated()
  class List {
    @Causal({ merge: (a: string[], b: string[]) => [...new Set([...a, ...b])].sort() })
    readonly items = register<string[]>([]);
    constructor(readonly id: string) {}

    @Transaction()
    async add(item: string, thinking: Promise<void>): Promise<void> {
      await this.items.read();
      await thinking;
      await this.items.update((items) => [...items, item]);
    }
  }

  it("is concurrent with all that its snapshot does not show, also with what arrives before it commits", async () => {
    const target = scenario("two add", { regions }, async ({ session, sleep, converged }) => {
      const [slow, quick, far] = [session("nyc"), session("nyc"), session("london")].map((s) => s.open(List, "l"));
      const thinking = slow?.add("slow", sleep(300));
      await sleep(50);
      await Promise.all([quick?.add("quick", sleep(1)), far?.add("far", sleep(1)), thinking]);
      converged("all three", async (s) => (await s.open(List, "l").items.read()).length === 3);
    });
    const report = await explore(target, { schedules: 10 });
    expect(report.violations).toEqual([]);
    expect(report.outcome).toBe("holds");
  });
});

describe("a session that moves", () => {
  const moving = (level: Level) =>
    scenario(
      "it sees what it has written",
      { regions, faults: [isolate("tokyo", { fromMs: 0 })] },
      async ({ session, check, now, sleep }) => {
        const traveller = session("nyc");
        await write(traveller, level, "x", 1);
        traveller.moveTo("tokyo");
        const begun = now();
        const refused = await read(traveller, level, "x").then(
          (value) => `read ${value}`,
          (error: unknown) => (isUnavailable(error) ? "unavailable" : String(error)),
        );
        await check(
          "it is refused, and in time",
          () => refused === "unavailable" && now() - begun > 1900 && now() - begun < 2100,
        );
        traveller.moveTo("nyc");
        await sleep(1);
        await check("at home it goes on", async () => (await read(traveller, level, "x")) === 1);
      },
    );

  it("leaves behind what is under way, which goes on where it was asked", async () => {
    const target = scenario("moves at once", { regions }, async ({ session, check }) => {
      const traveller = session("nyc");
      const written = write(traveller, "eventual", "x", 1);
      traveller.moveTo("tokyo");
      await written;
      await check("nyc has it", async () => (await read(session("nyc"), "eventual", "x")) === 1);
    });
    expect((await explore(target, { schedules: 5 })).violations).toEqual([]);
  });

  it("at causal waits for its dependencies, then is unavailable", async () => {
    expect((await explore(moving("causal"), { schedules: 20 })).violations).toEqual([]);
  });

  it("at eventual reads the past", async () => {
    const report = await explore(moving("eventual"), { schedules: 5 });
    expect(report.violations).toMatchObject([{ name: "it is refused, and in time", count: 5 }]);
  });
});

describe("a mechanism that is asked for more than it gives is judged, and found", () => {
  @Replicated()
  class Overclaimed {
    @Eventual({ mechanism: isolated() }) readonly isolated = register(0);
    @Linearizable({ mechanism: orderedLog() }) readonly ordered = register(0);
    @Linearizable({ mechanism: gossip() }) readonly gossiped = register(0);
    constructor(readonly id: string) {}
  }

  it("isolated nodes as eventual: they diverge, and lose what was acknowledged", async () => {
    const target = scenario("eventual on isolated nodes", { regions }, async ({ session }) => {
      await session("london").open(Overclaimed, "x").isolated.write(7);
    });
    const { violations } = await explore(target, { schedules: 3 });
    expect(violations.map(({ kind, anomaly, count }) => ({ kind, anomaly, count }))).toEqual([
      { kind: "divergence", anomaly: "divergence", count: 3 },
      { kind: "divergence", anomaly: "lost-write", count: 3 },
    ]);
    expect(violations[0]?.message).toMatch(/^x\.isolated stays different .*: 0 in nyc and tokyo, but 7 in london\.$/);
    expect(violations[1]?.message).toMatch(
      /^london was told .* but after everything has settled it never reached nyc and tokyo\.$/,
    );
  });

  it.each(["ordered", "gossiped"] as const)("%s as linearizable: a stale read, in a sentence", async (field) => {
    const target = scenario("stale", { regions, faults: randomFaults() }, async ({ session, sleep, random }) => {
      const writes = async () => {
        for (let value = 1; value <= 5; value++, await sleep(random() * 200))
          await tolerant(session("nyc").open(Overclaimed, "x")[field].write(value));
      };
      const reads = async () => {
        for (let i = 0; i < 10; i++, await sleep(random() * 100))
          await tolerant(session("tokyo").open(Overclaimed, "x")[field].read());
      };
      await Promise.all([writes(), reads()]);
    });
    const { violations } = await explore(target, { schedules: 20 });
    const found = violations.find(({ kind }) => kind === "guarantee");
    expect(found).toMatchObject({ kind: "guarantee", name: "linearizable", anomaly: "stale-read" });
    expect(found?.message).toMatchSnapshot();
  });
});

it.each(["eventual", "causal"] as const)(
  "does not call a write lost that never was one: the loser of two %s compare-and-sets in one session",
  async (level) => {
    const report = await explore(
      scenario("two at once", { regions: ["nyc"] }, async ({ session }) => {
        const cell = session("nyc").open(Probe, "x")[level];
        const won = await Promise.all([cell.compareAndSet(0, 1), cell.compareAndSet(0, 2)]);
        expect(won.filter(Boolean)).toHaveLength(1);
      }),
      { schedules: 20 },
    );
    expect(report).toMatchObject({ outcome: "holds", violations: [] });
  },
);

describe("a transaction whose only compare-and-set found another value has read, and stands where it read", () => {
  @Replicated()
  class Guarded {
    @Sequential() readonly sequential = register(0);
    @Linearizable() readonly linearizable = register(0);
    constructor(readonly id: string) {}

    @Transaction()
    async miss(level: "sequential" | "linearizable"): Promise<boolean> {
      return await this[level].compareAndSet(-1, 1);
    }
  }

  it.each(["sequential", "linearizable"] as const)("so that no search is needed: %s, 300 operations", async (level) => {
    const busy = scenario("many at once", { regions }, async ({ session, sleep, random }) => {
      let written = 0;
      const works = async (_: unknown, client: number) => {
        const place = session(regions[client % 3] as (typeof regions)[number]);
        for (let i = 0; i < 30; i++, await sleep(random() * 3)) {
          const guarded = place.open(Guarded, random() < 0.5 ? "x" : "y");
          if (random() < 0.2) await guarded.miss(level);
          else if (random() < 0.5) await guarded[level].write(++written);
          else await guarded[level].read();
        }
      };
      await Promise.all(Array.from({ length: 10 }, works));
    });
    expect(await explore(busy, { schedules: 2 })).toMatchObject({ outcome: "holds", reason: null });
  });
});
