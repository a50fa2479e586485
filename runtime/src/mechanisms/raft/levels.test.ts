import { describe, expect, it } from "vitest";
import {
  Causal,
  Eventual,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  Replicated,
  raft,
  register,
  Sequential,
} from "../../index.js";
import {
  clockDrift,
  clockSkew,
  explore,
  type Fault,
  isolate,
  randomFaults,
  type Session,
  scenario,
} from "../../simulation/index.js";

const lease = raft({ reads: "lease" });
const looseLease = raft({ reads: "lease", maxDriftRatio: 0.25 });
const unconfirmed = raft({ reads: "leader" });

@Replicated()
class Probe {
  @Linearizable({ mechanism: lease }) readonly lease = register(0);
  @Linearizable({ mechanism: looseLease }) readonly looseLease = register(0);
  @Eventual({ mechanism: unconfirmed }) readonly eventual = register(0);
  @Causal({ mechanism: unconfirmed }) readonly causal = register(0);
  @Sequential({ mechanism: unconfirmed }) readonly sequential = register(0);
  @Linearizable({ mechanism: unconfirmed }) readonly linearizable = register(0);
  constructor(readonly id: string) {}
}
type Field = Exclude<keyof Probe, "id">;

/** Two neighbours and one far away: when that one is cut off, they elect and commit before it gives up. */
const regions = ["sydney", "london", "paris"] as const;

const tolerant = async (work: Promise<unknown>) => {
  await work.catch((error: unknown) => {
    if (!isUnavailable(error) && !isIndeterminate(error)) throw error;
  });
};

/** Four sessions, one of which moves, read and write two objects. What the level promises is judged, and nothing else. */
const traffic = (
  field: Field,
  faults: readonly Fault[] | ReturnType<typeof randomFaults>,
  drifts: readonly Fault[] = [],
) =>
  scenario("reads and writes of two objects", { regions, faults }, async (context) => {
    const { session, sleep, random } = context;
    for (const drift of drifts) context.faults.start(drift);
    let value = 0;
    const client = async (s: Session, moves: boolean) => {
      for (let i = 0; i < 15; i++, await sleep(random() * 100)) {
        if (moves && i % 3 === 2) s.moveTo(regions[Math.floor(random() * 3)] as "sydney");
        const cell = s.open(Probe, random() < 0.7 ? "x" : "y")[field];
        await tolerant(random() < 0.3 ? cell.write(++value) : cell.read());
      }
    };
    await Promise.all([...regions.map((region) => client(session(region), false)), client(session("sydney"), true)]);
  });

/** sydney is cut off, perhaps with the leader: then it is asked as long as it may still think that it leads. */
const deposed = (field: Field, drift: readonly Fault[] = []) => {
  const faults = [...drift, isolate("sydney", { fromMs: 2_000, untilMs: 5_500 })];
  return scenario("the cut-off side is asked without a pause", { regions, faults }, async ({ session, sleep }) => {
    const open = (region: (typeof regions)[number]) => session(region).open(Probe, "x")[field];
    const written = open("london"); // now, so that there is a leader that has been heard
    await sleep(2_000);
    const writes = async () => {
      for (let value = 1; value <= 4; value++) await tolerant(written.write(value));
    };
    const reads = async () => {
      for (let i = 0; i < 120; i++, await sleep(20)) void tolerant(open("sydney").read());
      await sleep(2_500);
    };
    await Promise.all([writes(), reads()]);
  });
};

/** A session has its write acknowledged on one side and goes to the other. */
const moving = (field: Field) =>
  scenario("a session reads what it has written", { regions }, async ({ session, sleep, faults }) => {
    const traveller = session("london");
    const { x, y } = { x: traveller.open(Probe, "x")[field], y: traveller.open(Probe, "y")[field] };
    await sleep(500);
    faults.isolate("sydney", { untilMs: 3_000 });
    await tolerant(y.read());
    await x.write(1);
    traveller.moveTo("sydney");
    await tolerant(x.read());
  });

type Target = Parameters<typeof explore>[0];

const found = async (target: Target, schedules: number) => {
  const report = await explore(target, { schedules });
  expect(report.schedules).toBe(schedules);
  return report.violations.map(({ name, anomaly, seed, count, message }) => ({ name, anomaly, seed, count, message }));
};

/** What is found at the first seed that shows it. */
const pinned = async (target: Target, schedules: number) => {
  const violations = await found(target, schedules);
  expect(violations).toHaveLength(1);
  expect(violations).toMatchSnapshot();
};

describe("reads by lease", () => {
  it.each([
    ["lease", [clockDrift("sydney", 0.01)]],
    ["looseLease", [clockDrift("london", 0.25), clockDrift("paris", 0.1)]],
    ["looseLease", [clockDrift("sydney", -0.2)]],
  ] as const)("of a %s are linearizable while clocks drift within the bound: %j", async (field, drifts) => {
    expect(await found(traffic(field, randomFaults(), drifts), 120)).toEqual([]);
    expect(await found(deposed(field, drifts), 40)).toEqual([]);
  });

  it("do not care what the wall clock is set to", async () => {
    expect(await found(deposed("lease", [clockSkew("sydney", -5_000, { fromMs: 2_100 })]), 40)).toEqual([]);
  });

  it("are stale at this seed when the leader's clock is slower than the bound", async () => {
    await pinned(deposed("lease", [clockDrift("sydney", -0.6)]), 40);
  });
});

describe("reads that the leader does not confirm", () => {
  it("are eventual on 200 seeds of random faults", async () => {
    expect(await found(traffic("eventual", randomFaults()), 200)).toEqual([]);
  });

  it.each(["causal", "sequential"] as const)(
    "are not %s: the seed at which a session loses its write",
    async (field) => {
      await pinned(moving(field), 40);
    },
  );

  it("are not linearizable: the seed at which a deposed leader answers", async () => {
    await pinned(deposed("linearizable"), 40);
  });
});
