import { describe, expect, it } from "vitest";
import { Eventual, isIndeterminate, isUnavailable, Linearizable, quorum, Replicated, register } from "../../index.js";
import { clockSkew, explore, type Fault, loss, randomFaults, type Session, scenario } from "../../simulation/index.js";

const regions = ["nyc", "london", "tokyo"] as const;
const majorities = { n: 3, r: 2, w: 2 };
const configurations = {
  atomic: quorum(majorities),
  five: quorum({ n: 5, r: 3, w: 3, readRepair: true, hintedHandoff: true }),
  two: quorum({ n: 2, r: 1, w: 2 }),
  small: quorum({ n: 3, r: 1, w: 1 }),
  smallWrites: quorum({ n: 3, r: 3, w: 1 }),
  noWriteBack: quorum({ ...majorities, writeBack: false }),
  onlyRepaired: quorum({ n: 5, r: 3, w: 3, writeBack: false, readRepair: true }),
  sloppy: quorum({ ...majorities, sloppy: true }),
  handedOver: quorum({ ...majorities, sloppy: true, hintedHandoff: true }),
};
type Kind = keyof typeof configurations;

/** Each configuration asked for all that a level can give, and for what all of them give. */
@Replicated()
class Strong {
  @Linearizable({ mechanism: configurations.atomic }) readonly atomic = register(0);
  @Linearizable({ mechanism: configurations.five }) readonly five = register(0);
  @Linearizable({ mechanism: configurations.two }) readonly two = register(0);
  @Linearizable({ mechanism: configurations.small }) readonly small = register(0);
  @Linearizable({ mechanism: configurations.smallWrites }) readonly smallWrites = register(0);
  @Linearizable({ mechanism: configurations.noWriteBack }) readonly noWriteBack = register(0);
  @Linearizable({ mechanism: configurations.onlyRepaired }) readonly onlyRepaired = register(0);
  @Linearizable({ mechanism: configurations.sloppy }) readonly sloppy = register(0);
  @Linearizable({ mechanism: configurations.handedOver }) readonly handedOver = register(0);
  constructor(readonly id: string) {}
}

@Replicated()
class Weak {
  @Eventual({ mechanism: configurations.atomic }) readonly atomic = register(0);
  @Eventual({ mechanism: configurations.five }) readonly five = register(0);
  @Eventual({ mechanism: configurations.two }) readonly two = register(0);
  @Eventual({ mechanism: configurations.small }) readonly small = register(0);
  @Eventual({ mechanism: configurations.smallWrites }) readonly smallWrites = register(0);
  @Eventual({ mechanism: configurations.noWriteBack }) readonly noWriteBack = register(0);
  @Eventual({ mechanism: configurations.onlyRepaired }) readonly onlyRepaired = register(0);
  @Eventual({ mechanism: configurations.sloppy }) readonly sloppy = register(0);
  @Eventual({ mechanism: configurations.handedOver }) readonly handedOver = register(0);
  constructor(readonly id: string) {}
}

const tolerant = async (work: Promise<unknown>) => {
  await work.catch((error: unknown) => {
    if (!isUnavailable(error) && !isIndeterminate(error)) throw error;
  });
};

type Faults = readonly Fault[] | ReturnType<typeof randomFaults>;

/** Four sessions, one of which moves, read and write two objects. What the level promises is judged, and nothing else. */
const traffic = (type: typeof Strong | typeof Weak, kind: Kind, faults: Faults) =>
  scenario("reads and writes of two objects", { regions, faults }, async ({ session, sleep, random }) => {
    let value = 0;
    const client = async (s: Session, moves: boolean) => {
      for (let i = 0; i < 12; i++, await sleep(random() * 150)) {
        if (moves && i % 3 === 2) s.moveTo(regions[Math.floor(random() * 3)] as "nyc");
        const cell = s.open<Strong | Weak>(type, random() < 0.7 ? "x" : "y")[kind];
        await tolerant(random() < 0.4 ? cell.write(++value) : cell.read());
      }
    };
    await Promise.all([...regions.map((region) => client(session(region), false)), client(session("nyc"), true)]);
  });

const window = { fromMs: 0, untilMs: 10_000 };
const mixes = {
  "random faults": randomFaults(),
  "half of all messages lost": [loss(0.5, window)],
  "a clock that is ahead": [clockSkew("nyc", 400, window)],
};

describe("quorums that intersect, with write-back", () => {
  describe.each(["atomic", "five", "two"] as const)("%s", (kind) => {
    it.each(Object.entries(mixes))("are linearizable on 150 seeds of %s", async (_, faults) => {
      const report = await explore(traffic(Strong, kind, faults), { schedules: 150 });
      expect(report.violations.map(({ message, seed }) => ({ message, seed }))).toEqual([]);
      expect(report).toMatchObject({ outcome: "holds", schedules: 150 });
    });
  });
});

describe("any quorum", () => {
  it.each(Object.keys(configurations) as Kind[])(
    "%s converges and loses nothing acknowledged: 100 seeds",
    async (kind) => {
      const report = await explore(traffic(Weak, kind, randomFaults()), { schedules: 100 });
      expect(report.violations.map(({ message, seed }) => ({ message, seed }))).toEqual([]);
      expect(report).toMatchObject({ outcome: "holds", schedules: 100 });
    },
  );
});

/** One write that takes long, because so many messages are lost, and readers meanwhile. */
const slowWrite = (kind: Kind) =>
  scenario("one write", { regions, faults: [loss(0.6, window)] }, async ({ session, sleep, random }) => {
    const reads = async (region: (typeof regions)[number]) => {
      const cell = session(region).open(Strong, "x")[kind];
      for (let i = 0; i < 20; i++, await sleep(random() * 20)) await tolerant(cell.read());
    };
    await Promise.all([tolerant(session("tokyo").open(Strong, "x")[kind].write(1)), ...regions.map(reads)]);
  });

/** One write after another, in different regions. */
const writesInTurn = (kind: Kind, faults: Faults) =>
  scenario("writes in turn", { regions, faults }, async ({ session, sleep, random }) => {
    for (let value = 1; value <= 8; value++, await sleep(random() * 300)) {
      await tolerant(
        session(regions[value % 3] as "nyc")
          .open(Strong, "x")
          [kind].write(value),
      );
      await tolerant(
        session(regions[(value + 1) % 3] as "nyc")
          .open(Strong, "x")
          [kind].read(),
      );
    }
  });

/** The second write begins after the first has ended, at a replica whose clock is behind the first one's. */
const twoWrites = (kind: Kind) =>
  scenario("two writes", { regions, faults: mixes["a clock that is ahead"] }, async ({ session }) => {
    await session("nyc").open(Strong, "x")[kind].write(1);
    await session("tokyo").open(Strong, "x")[kind].write(2);
    await session("london").open(Strong, "x")[kind].read();
  });

describe("pinned: what a misconfigured quorum shows", () => {
  const { "random faults": random } = mixes;
  it.each([
    ["r + w ≤ n: a stale read", writesInTurn("small", random), "stale-read"],
    ["w ≤ n/2: a write whose version does not top the last one", twoWrites("smallWrites"), "stale-read"],
    ["no write-back: new, then old", slowWrite("noWriteBack"), "non-monotonic-read"],
    ["read repair is no write-back: new, then old", slowWrite("onlyRepaired"), "non-monotonic-read"],
    ["sloppy: a stale read", writesInTurn("sloppy", random), "stale-read"],
    ["sloppy: hints do not mend it", writesInTurn("handedOver", random), "stale-read"],
  ] as const)("%s", async (_, target, anomaly) => {
    const { violations } = await explore(target, { schedules: 170 });
    expect(violations.map(({ seed, message }) => ({ seed, message }))).toMatchSnapshot();
    expect(violations.map((found) => found.anomaly)).toEqual([anomaly]);
    expect(violations[0]?.why).toMatch(
      /^`\w+` asks for linearizable, but `quorum\(\)` as configured gives only eventual: /,
    );
  });

  it.each([slowWrite("atomic"), twoWrites("atomic"), writesInTurn("five", random), slowWrite("five")])(
    "none of which the right quorum shows (%#)",
    async (target) => {
      expect((await explore(target, { schedules: 200 })).violations).toEqual([]);
    },
  );

  it.each(["small", "sloppy"] as const)(
    "%s: no causality either, as a session that moves misses its write",
    async (kind) => {
      const moving = scenario(
        "it sees its write",
        { regions, faults: randomFaults() },
        async ({ session, check, sleep }) => {
          const traveller = session("nyc");
          for (let value = 1; value <= 6; value++, await sleep(300)) {
            await traveller.open(Strong, "x")[kind].write(value);
            traveller.moveTo(regions[value % 3] as "nyc");
            const seen = await traveller.open(Strong, "x")[kind].read();
            await check("its own write", () => seen >= value);
          }
        },
      );
      const { violations } = await explore(moving, { schedules: 100 });
      const found = violations.find(({ name }) => name === "its own write");
      expect(found?.seed).toMatchSnapshot();
      expect(found).toBeDefined();
    },
  );
});
