import { gossip, type Level, lastWriterWins, primaryReplica, quorum, raft, trueTime } from "../../runtime/src/index.js";
import {
  clockDrift,
  clockSkew,
  type Fault,
  isolate,
  loss,
  type RandomFaults,
  randomFaults,
  type Scenario,
  type Session,
  scenario,
} from "../../runtime/src/simulation/index.js";
import { type SubjectClass, subjectAt } from "./subject.js";
import { tolerant } from "./workload.js";

/** A misconfiguration, the anomaly that it is known for, and what cures it under the same faults. */
export interface Story {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly anomaly: string;
  readonly wrong: Choice;
  readonly cure: Choice;
}

export interface Choice {
  readonly code: string;
  readonly target: Scenario;
}

const three = ["nyc", "london", "tokyo"] as const;
/** Two neighbours and one far away: when that one is cut off, they elect and commit before it gives up. */
const lopsided = ["sydney", "london", "paris"] as const;
type Faults = readonly Fault[] | RandomFaults;

export const stories: readonly Story[] = [
  story("split-brain", "failover without fencing, through a partition of 43 seconds", "eventual", "lost-write", {
    tell: (type) => bothSidesWrite(type, 43),
    wrong: [
      'primaryReplica({ failover: "automatic", fencing: false })',
      primaryReplica({ failover: "automatic", fencing: false }),
    ],
    cure: ['primaryReplica({ failover: "automatic" })', primaryReplica({ failover: "automatic" })],
  }),
  story("small-quorums", "r + w ≤ n", "linearizable", "stale-read", {
    tell: (type) => writesInTurn(type, randomFaults()),
    wrong: ["quorum({ n: 3, r: 1, w: 1 })", quorum({ n: 3, r: 1, w: 1 })],
    cure: ["quorum({ n: 3, r: 2, w: 2 })", quorum({ n: 3, r: 2, w: 2 })],
  }),
  story("small-writes", "w ≤ n/2, and a clock that is ahead", "linearizable", "stale-read", {
    tell: twoWrites,
    wrong: ["quorum({ n: 3, r: 3, w: 1 })", quorum({ n: 3, r: 3, w: 1 })],
    cure: ["quorum({ n: 3, r: 2, w: 2 })", quorum({ n: 3, r: 2, w: 2 })],
  }),
  story("no-write-back", "a quorum that does not write back what it read", "linearizable", "non-monotonic-read", {
    tell: slowWrite,
    wrong: ["quorum({ n: 3, r: 2, w: 2, writeBack: false })", quorum({ n: 3, r: 2, w: 2, writeBack: false })],
    cure: ["quorum({ n: 3, r: 2, w: 2 })", quorum({ n: 3, r: 2, w: 2 })],
  }),
  story("read-repair", "read repair in place of write-back", "linearizable", "non-monotonic-read", {
    tell: slowWrite,
    wrong: [
      "quorum({ n: 5, r: 3, w: 3, writeBack: false, readRepair: true })",
      quorum({ n: 5, r: 3, w: 3, writeBack: false, readRepair: true }),
    ],
    cure: ["quorum({ n: 5, r: 3, w: 3 })", quorum({ n: 5, r: 3, w: 3 })],
  }),
  story("sloppy", "writes that stand-ins count for", "linearizable", "stale-read", {
    tell: (type) => writesInTurn(type, randomFaults()),
    wrong: [
      "quorum({ n: 3, r: 2, w: 2, sloppy: true, hintedHandoff: true })",
      quorum({ n: 3, r: 2, w: 2, sloppy: true, hintedHandoff: true }),
    ],
    cure: ["quorum({ n: 3, r: 2, w: 2 })", quorum({ n: 3, r: 2, w: 2 })],
  }),
  story("slow-clock", "reads by a lease whose holder's clock is slower than the bound", "linearizable", "stale-read", {
    tell: (type) => deposed(type, [clockDrift("sydney", -0.6)]),
    wrong: ['raft({ reads: "lease" })', raft({ reads: "lease" })],
    cure: ['raft({ reads: "readIndex" })', raft()],
  }),
  story("leader-reads", "reads that the leader answers without asking", "linearizable", "stale-read", {
    tell: (type) => deposed(type, []),
    wrong: ['raft({ reads: "leader" })', raft({ reads: "leader" })],
    cure: ['raft({ reads: "lease" })', raft({ reads: "lease" })],
  }),
  story("no-commit-wait", "TrueTime that does not wait until its timestamp has passed", "linearizable", "stale-read", {
    tell: (type) => told(type, 7),
    wrong: ["trueTime({ commitWait: false })", trueTime({ commitWait: false })],
    cure: ["trueTime()", trueTime()],
  }),
  story("beyond-epsilon", "clocks that are further apart than TrueTime reckons with", "linearizable", "stale-read", {
    tell: (type) => told(type, 40),
    wrong: ["trueTime()", trueTime()],
    cure: ["trueTime({ epsilonMs: 40 })", trueTime({ epsilonMs: 40 })],
  }),
  {
    id: "wall-clock",
    title: "the last writer wins by wall clocks, one of which is ahead",
    level: "eventual",
    anomaly: "lost-update",
    wrong: {
      code: "gossip(), merge: lastWriterWins.wallClock",
      target: correction(subjectAt("eventual", gossip(), { merge: lastWriterWins.wallClock })),
    },
    cure: {
      code: "gossip(), merge: lastWriterWins",
      target: correction(subjectAt("eventual", gossip(), { merge: lastWriterWins })),
    },
  },
];

interface Telling {
  readonly tell: (type: SubjectClass) => Scenario;
  readonly wrong: readonly [code: string, mechanism: Parameters<typeof subjectAt>[1]];
  readonly cure: Telling["wrong"];
}

function story(id: string, title: string, level: Level, anomaly: string, { tell, wrong, cure }: Telling): Story {
  const choice = ([code, mechanism]: Telling["wrong"]) => ({ code, target: tell(subjectAt(level, mechanism)) });
  return { id, title, level, anomaly, wrong: choice(wrong), cure: choice(cure) };
}

/** GitHub, 21 October 2018: the primary's site is cut off, the other coast takes over, and both sides acknowledge. */
function bothSidesWrite(type: SubjectClass, seconds: number): Scenario {
  const faults = [isolate("nyc", { fromMs: 0, untilMs: seconds * 1_000 })];
  return scenario("both sides write", { regions: three, faults }, async ({ session, sleep, now }) => {
    const client = async (region: "nyc" | "london") => {
      const { register } = session(region).open(type, region);
      for (let value = 1; now() < seconds * 1_000; value++, await sleep(1_000)) await tolerant(register.write(value));
    };
    await Promise.all([client("nyc"), client("london")]);
  });
}

/** Each write in another region than the one before, and then a read in the third. */
function writesInTurn(type: SubjectClass, faults: Faults): Scenario {
  return scenario("writes in turn", { regions: three, faults }, async ({ session, sleep, random }) => {
    const register = (turn: number) => session(three[turn % 3] as "nyc").open(type, "x").register;
    for (let value = 1; value <= 8; value++, await sleep(random() * 300)) {
      await tolerant(register(value).write(value));
      await tolerant(register(value + 1).read());
    }
  });
}

/** The second write begins after the first has ended, at a replica whose clock is behind the first one's. */
function twoWrites(type: SubjectClass): Scenario {
  const faults = [clockSkew("nyc", 400, { fromMs: 0, untilMs: 10_000 })];
  return scenario("two writes", { regions: three, faults }, async ({ session }) => {
    await session("nyc").open(type, "x").register.write(1);
    await session("tokyo").open(type, "x").register.write(2);
    await session("london").open(type, "x").register.read();
  });
}

/** One write that takes long, because so many messages are lost, and readers meanwhile. */
function slowWrite(type: SubjectClass): Scenario {
  const faults = [loss(0.6, { fromMs: 0, untilMs: 10_000 })];
  return scenario("one write", { regions: three, faults }, async ({ session, sleep, random }) => {
    const reads = async ({ register } = session("nyc").open(type, "x")) => {
      for (let i = 0; i < 20; i++, await sleep(random() * 20)) await tolerant(register.read());
    };
    const readers = three.map((region) => reads(session(region).open(type, "x")));
    await Promise.all([tolerant(session("tokyo").open(type, "x").register.write(1)), ...readers]);
  });
}

/** sydney is cut off, perhaps with the leader: then it is asked as long as it may still think that it leads. */
function deposed(type: SubjectClass, drifts: readonly Fault[]): Scenario {
  const faults = [...drifts, isolate("sydney", { fromMs: 2_000, untilMs: 5_500 })];
  return scenario("the cut-off side is asked on", { regions: lopsided, faults }, async ({ session, sleep }) => {
    const open = (region: (typeof lopsided)[number]) => session(region).open(type, "x").register;
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
}

/** Paris, whose clock is ahead, writes and tells London, whose clock is behind and which then reads. */
function told(type: SubjectClass, skewMs: number): Scenario {
  const faults = [clockSkew("paris", skewMs), clockSkew("london", -skewMs)];
  const regions = ["paris", "london", "dublin"] as const;
  return scenario("what is acknowledged is seen", { regions, faults }, async ({ session, sleep, random }) => {
    const [paris, london] = [session("paris").open(type, "x"), session("london").open(type, "x")];
    for (let value = 1; value <= 5; value++, await sleep(random() * 100)) {
      await tolerant(paris.register.write(value));
      await tolerant(london.register.read());
    }
  });
}

/**
 * nyc writes and then says so in another object; london hears of it, perhaps before the write itself arrives, and
 * corrects it. Hybrid clocks know that london had heard of nyc's time; by wall clocks, nyc's being ahead, the
 * correction is older than what it corrects.
 */
function correction(type: SubjectClass): Scenario {
  const faults = [clockSkew("nyc", 5_000, { fromMs: 0 })];
  return scenario("a correction", { regions: three, faults }, async ({ session, sleep, converged }) => {
    const register = (s: Session, id: string) => s.open(type, id).register;
    const [nyc, london] = [session("nyc"), session("london")];
    await register(nyc, "x").write(1);
    await register(nyc, "told").write(1);
    while ((await register(london, "told").read()) !== 1) await sleep(20);
    await register(london, "x").write(2);
    converged("the correction stays", async (s) => (await register(s, "x").read()) === 2);
  });
}
