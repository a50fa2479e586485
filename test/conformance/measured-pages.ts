import {
  causalBroadcast,
  gossip,
  isolated,
  type Level,
  type MechanismOptions,
  multiPrimary,
  orderedLog,
  primaryReplica,
  quorum,
  raft,
  trueTime,
} from "../../runtime/src/index.js";
import type { Measured } from "./costs.js";
import { copyAt, subjectAt } from "./subject.js";

const three = ["nyc", "london", "tokyo"];
const five = [...three, "sydney", "sao-paulo"];

/** The pages that show measured costs, each with its configurations at the level that they claim. */
export const measuredPages: Readonly<Record<string, readonly Measured[]>> = {
  isolated: [of("isolated()", isolated(), "none")],
  cache: [
    {
      code: 'cache({ origin: "source", ttlMs: 300 })',
      subject: copyAt("none", 300),
      transacts: false,
      regions: three,
    },
  ],
  gossip: [of("gossip()", gossip(), "eventual")],
  "multi-primary": [of("multiPrimary()", multiPrimary(), "eventual")],
  "causal-broadcast": [of("causalBroadcast()", causalBroadcast(), "causal")],
  "ordered-log": [of("orderedLog()", orderedLog(), "sequential")],
  raft: [
    of("raft()", raft(), "linearizable"),
    of("raft({ replicas: 5 })", raft({ replicas: 5 }), "linearizable", { regions: five }),
    of('raft({ reads: "lease" })', raft({ reads: "lease" }), "linearizable"),
    of('raft({ reads: "leader" })', raft({ reads: "leader" }), "eventual"),
  ],
  "primary-replica": [
    of("primaryReplica()", primaryReplica(), "linearizable"),
    of('primaryReplica({ failover: "automatic" })', primaryReplica({ failover: "automatic" }), "linearizable"),
    of('primaryReplica({ acknowledge: "semiSync" })', primaryReplica({ acknowledge: "semiSync" }), "linearizable"),
    of('primaryReplica({ acknowledge: "async" })', primaryReplica({ acknowledge: "async" }), "linearizable"),
    of('primaryReplica({ reads: "local" })', primaryReplica({ reads: "local" }), "eventual"),
  ],
  quorum: [
    of("quorum({ n: 3, r: 2, w: 2 })", quorum({ n: 3, r: 2, w: 2 }), "linearizable", { transacts: false }),
    of("quorum({ n: 3, r: 1, w: 1 })", quorum({ n: 3, r: 1, w: 1 }), "eventual", { transacts: false }),
    of(
      "quorum({ n: 3, r: 2, w: 2, sloppy: true, hintedHandoff: true })",
      quorum({ n: 3, r: 2, w: 2, sloppy: true, hintedHandoff: true }),
      "eventual",
      { transacts: false },
    ),
  ],
  "true-time": [
    of("trueTime()", trueTime(), "linearizable"),
    of("trueTime({ commitWait: false })", trueTime({ commitWait: false }), "eventual"),
  ],
};

function of(
  code: string,
  mechanism: MechanismOptions,
  level: Level,
  { transacts = level !== "none" && level !== "eventual", regions = three }: Partial<Measured> = {},
): Measured {
  return { code, subject: subjectAt(level, mechanism), transacts, regions };
}
