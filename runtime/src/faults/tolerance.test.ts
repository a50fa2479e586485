import { describe, expect, it } from "vitest";
import {
  Causal,
  causalBroadcast,
  Eventual,
  gossip,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  multiPrimary,
  orderedLog,
  primaryReplica,
  quorum,
  Replicated,
  raft,
  register,
  Sequential,
} from "../index.js";
import { explore, type Session, scenario } from "../simulation/index.js";
import {
  bridge,
  cut,
  delay,
  duplication,
  type Fault,
  isolateLeader,
  loss,
  pause,
  reordering,
  slowRegion,
} from "./index.js";

/** Each mechanism at the level that it claims. */
@Replicated()
class Probe {
  @Eventual({ mechanism: gossip() }) readonly gossip = register(0);
  @Eventual({ mechanism: multiPrimary() }) readonly multiPrimary = register(0);
  @Eventual({ mechanism: quorum({ n: 3, r: 1, w: 1 }) }) readonly smallQuorum = register(0);
  @Causal({ mechanism: causalBroadcast() }) readonly causalBroadcast = register(0);
  @Sequential({ mechanism: orderedLog() }) readonly orderedLog = register(0);
  @Linearizable({ mechanism: raft() }) readonly raft = register(0);
  @Linearizable({ mechanism: raft({ reads: "lease" }) }) readonly lease = register(0);
  @Linearizable({ mechanism: quorum({ n: 3, r: 2, w: 2 }) }) readonly quorum = register(0);
  @Linearizable({ mechanism: primaryReplica() }) readonly primary = register(0);
  @Linearizable({ mechanism: primaryReplica({ failover: "automatic" }) }) readonly failover = register(0);
  @Eventual({ mechanism: primaryReplica({ reads: "local" }) }) readonly localReads = register(0);
  constructor(readonly id: string) {}
}

type Field = Exclude<keyof Probe, "id">;

const fields: readonly Field[] = [
  ...(["gossip", "multiPrimary", "smallQuorum", "causalBroadcast", "orderedLog", "raft", "lease"] as const),
  ...(["quorum", "primary", "failover", "localReads"] as const),
];
const regions = ["nyc", "london", "tokyo"] as const;
const schedules = 10;

/** Windows that begin when leaders are known, and outlast every time-out. */
const window = { fromMs: 100, untilMs: 3_000 };
const kinds: readonly (readonly Fault[])[] = [
  [cut("nyc", "london", window), cut("london", "tokyo", window)],
  [bridge("tokyo", window)],
  [isolateLeader(window), isolateLeader({ fromMs: 1_500, untilMs: 4_000 })],
  [pause("london", window)],
  [loss(0.3, window)],
  [duplication(0.5, window)],
  [reordering(0.5, 500, window)],
  [duplication(0.5, window), reordering(0.5, 500, window), loss(0.1, window)],
  [delay(300, window), delay(200, { from: "nyc", fromMs: 500, untilMs: 2_000 })],
  [slowRegion("nyc", 10, window), slowRegion("nyc", 4, { fromMs: 1_000, untilMs: 2_000 })],
];

/** Two objects, a session in each region and one that moves on after each operation. */
const twoObjects = (field: Field, faults: readonly Fault[]) =>
  scenario(field, { regions, faults }, async ({ session, sleep, random }) => {
    let written = 0;
    const works = async (worker: Session, moves: boolean) => {
      for (let i = 0; i < 8; i++, await sleep(random() * 400)) {
        const target = worker.open(Probe, random() < 0.7 ? "x" : "y")[field];
        await (random() < 0.6 ? target.write(++written) : target.read()).catch((error: unknown) => {
          if (!isUnavailable(error) && !isIndeterminate(error)) throw error;
        });
        if (moves) worker.moveTo(regions[Math.floor(random() * 3)] as string);
      }
    };
    await Promise.all([...regions.map((region) => works(session(region), false)), works(session("nyc"), true)]);
  });

describe.each(fields)("%s keeps what it claims", (field) => {
  it.each(kinds.map((faults) => [faults.map(({ fault }) => fault).join(", "), faults] as const))(
    "under %s",
    async (_, faults) => {
      const report = await explore(twoObjects(field, faults), { schedules });
      expect(report.violations.map(({ message }) => message)).toEqual([]);
      expect(report.outcome).toBe("holds");
      const mayBeInert = faults.some(({ fault }) => fault === "isolateLeader");
      if (!mayBeInert) expect(Object.keys(report.faultsFired)).toEqual([...new Set(faults.map((f) => f.fault))].sort());
    },
  );
});
