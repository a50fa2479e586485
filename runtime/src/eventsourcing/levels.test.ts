import { expect, test } from "vitest";
import {
  Causal,
  Eventual,
  isConflict,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  log,
  map,
  multiPrimary,
  NoConsistency,
  primaryReplica,
  quorum,
  Replicated,
  raft,
  Sequential,
  Transaction,
  trueTime,
} from "../index.js";
import { explore, randomFaults, scenario } from "../simulation/index.js";
import {
  type Commit,
  decider,
  type Event,
  eventStream,
  everyEvents,
  rebuild,
  type Snapshot,
  versionProblems,
} from "./index.js";

type ShelfEvent = Event<"received", { count: number }> | Event<"sold", { region: string }>;

class SoldOutError extends Error {}

const shelf = decider({
  initialState: 0,
  decide(command: { readonly sellIn: string }, left: number): readonly ShelfEvent[] {
    if (left === 0) throw new SoldOutError();
    return [{ type: "sold", region: command.sellIn }];
  },
  evolve: (left: number, event: ShelfEvent) => left + (event.type === "received" ? event.count : -1),
});

const regions = ["nyc", "london", "tokyo"] as const;

/** Three tills and two items, however the network is; each till also counts the shelf, expecting the version it read. */
const threeTills = (level: ReturnType<typeof Eventual>) => {
  @Replicated()
  class Shelf {
    @level readonly commits = log<Commit<ShelfEvent>>();
    readonly stream = eventStream(this.commits, { decider: shelf, now: () => Date.now() });
    constructor(readonly id: string) {}
  }
  const setup = async ({ open }: { open: (type: typeof Shelf, id: string) => Shelf }) => {
    await open(Shelf, "shelf").stream.append([{ type: "received", count: 2 }], { expectedVersion: 0 });
  };
  return scenario("two items are sold twice", { regions, faults: randomFaults(), setup }, async (context) => {
    const { session, sleep, random, check, converged } = context;
    let sold = 0;
    const taken = new Set<number>();
    let collisions = 0;
    const till = async (region: (typeof regions)[number]) => {
      const { stream } = session(region).open(Shelf, "shelf");
      await sleep(random() * 500);
      await tolerant(async () => {
        const { events } = await stream.execute({ sellIn: region });
        sold += events.length;
      });
      await sleep(random() * 500);
      await tolerant(async () => {
        const { version } = await stream.state();
        const [counted] = await stream.append([{ type: "received", count: 0 }], { expectedVersion: version });
        if (taken.has(counted?.version as number)) collisions++;
        taken.add(counted?.version as number);
      });
    };
    await Promise.all(regions.map(till));
    await check("no more is sold than there was", () => sold <= 2);
    await check("an expected version is met once", () => collisions === 0);
    converged("every version is there once", async (reader) => {
      const events = await reader.open(Shelf, "shelf").stream.read();
      const { duplicated, missing } = versionProblems(events);
      return duplicated.length === 0 && missing.length === 0;
    });
    converged("nothing is sold that is not there", async (reader) => {
      return rebuild(shelf, await reader.open(Shelf, "shelf").stream.read()).state >= 0;
    });
  });
};

const tolerant = async (work: () => Promise<void>): Promise<void> => {
  await work().catch((error: unknown) => {
    const isExpected = isUnavailable(error) || isIndeterminate(error) || isConflict(error);
    if (!isExpected && !(error instanceof SoldOutError)) throw error;
  });
};

const violatedIn = async (level: ReturnType<typeof Eventual>, schedules: number) => {
  const { outcome, violations } = await explore(threeTills(level), { schedules, seed: 1 });
  return { outcome, violated: violations.map(({ name, seed }) => `${name}: seed ${seed}`).sort() };
};

test.each([
  ["sequential", Sequential()],
  ["linearizable", Linearizable()],
  ["linearizable, raft with leases", Linearizable({ mechanism: raft({ reads: "lease", maxDriftRatio: 0.1 }) })],
  ["linearizable, a primary and its replicas", Linearizable({ mechanism: primaryReplica({ acknowledge: "sync" }) })],
  ["linearizable, true time", Linearizable({ mechanism: trueTime({ epsilonMs: 7, commitWait: true }) })],
])("%s: versions collide in no schedule", async (_, level) => {
  expect(await violatedIn(level, 100)).toEqual({ outcome: "holds", violated: [] });
});

test("a command on two streams in one transaction moves money, and neither makes nor loses it", async () => {
  const till = decider({
    initialState: 0,
    decide(by: number, balance: number): readonly Event<"moved", { by: number }>[] {
      if (balance + by < 0) throw new SoldOutError();
      return [{ type: "moved", by }];
    },
    evolve: (balance: number, { by }: Event<"moved", { by: number }>) => balance + by,
  });
  @Replicated()
  @Sequential()
  class Till {
    readonly commits = log<Commit<Event<"moved", { by: number }>>>();
    readonly stream = eventStream(this.commits, { decider: till, now: () => Date.now() });
    constructor(readonly id: string) {}

    @Transaction()
    async moveTo(other: Till, amount: number): Promise<void> {
      await this.stream.execute(-amount);
      await other.stream.execute(amount);
    }
  }
  const setup = async ({ open }: { open: (type: typeof Till, id: string) => Till }) => {
    await open(Till, "a").stream.execute(100);
  };
  const target = scenario("money moves", { regions, faults: randomFaults(), setup }, async (context) => {
    const { session, sleep, random, converged } = context;
    await Promise.all(
      regions.map(async (region) => {
        const [from, to] = [session(region).open(Till, "a"), session(region).open(Till, "b")];
        await sleep(random() * 400);
        await tolerant(() => from.moveTo(to, 60));
        await tolerant(() => to.moveTo(from, 30));
      }),
    );
    converged("100 are there, and no debts", async (reader) => {
      const [a, b] = [await reader.open(Till, "a").stream.state(), await reader.open(Till, "b").stream.state()];
      return a.state + b.state === 100 && a.state >= 0 && b.state >= 0;
    });
  });
  const { outcome, operations } = await explore(target, { schedules: 100, seed: 1 });
  expect(outcome).toBe("holds");
  expect(operations.find(({ name }) => name === "moveTo")?.ok).toBeGreaterThan(50);
});

test.each([
  ["eventual", Eventual(), 0],
  ["causal", Causal(), 0],
  ["sequential", Sequential(), 1],
] as const)(
  "%s: a snapshot hides no event, although two may have the version that it is of",
  async (_, level, fewest) => {
    @Replicated()
    class Shelf {
      @level readonly commits = log<Commit<ShelfEvent>>();
      @Eventual() readonly snapshots = map<string, Snapshot<number>>();
      readonly stream = eventStream(this.commits, {
        decider: shelf,
        now: () => Date.now(),
        snapshots: { cell: this.snapshots, policy: everyEvents(1) },
      });
      constructor(readonly id: string) {}
    }
    const target = scenario("both deliveries are on the shelf", { regions }, async ({ session, converged }) => {
      const receive = (region: (typeof regions)[number]) =>
        session(region)
          .open(Shelf, "shelf")
          .stream.append([{ type: "received", count: 1 }], { expectedVersion: "any" });
      await Promise.all([receive("nyc"), receive("tokyo")]);
      converged("the state is that of all events", async (reader) => {
        const { stream, snapshots } = reader.open(Shelf, "shelf");
        expect((await snapshots.entries()).length).toBeGreaterThanOrEqual(fewest);
        return (await stream.state()).state === 2 && (await stream.stateAt({ version: 2 })).state === 2;
      });
    });
    const { outcome, violations } = await explore(target, { schedules: 20, seed: 1 });
    expect([outcome, violations]).toEqual(["holds", []]);
  },
);

const all = [
  "an expected version is met once: seed 1",
  "every version is there once: seed 1",
  "no more is sold than there was: seed 1",
  "nothing is sold that is not there: seed 1",
];

test.each([
  ["causal", Causal(), all],
  ["eventual", Eventual(), all],
  ["eventual, many primaries", Eventual({ mechanism: multiPrimary() }), all],
  [
    ...["eventual, a quorum that does not overlap", Eventual({ mechanism: quorum({ n: 3, r: 1, w: 1 }) })],
    ["an expected version is met once: seed 3", ...all.slice(1)],
  ],
  // Each node has a stream of its own, in which nothing collides.
  ["none", NoConsistency(), ["an expected version is met once: seed 1"]],
] as const)("%s: both appends succeed, and these seeds show it", async (_, level, violated) => {
  expect(await violatedIn(level, 20)).toEqual({ outcome: "violated", violated });
});
