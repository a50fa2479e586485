import type { Level } from "../../levels.js";
import type { Mechanism } from "../machine.js";
import { PrimaryReplicaMachine } from "./machine.js";
import type { PrimaryReplicaMessage } from "./messages.js";

export interface PrimaryReplicaOptions {
  readonly reads: "primary" | "local";
  readonly acknowledge: "sync" | "semiSync" | "async";
  readonly failover: "manual" | "automatic";
  readonly fencing: boolean;
}

/** One primary takes the writes and sends them to the others. What that promises depends on the options. */
export const primaryReplicaMechanism: Mechanism<PrimaryReplicaOptions, PrimaryReplicaMessage> = {
  id: "primaryReplica",
  data: "commands",
  claims,
  create: (setup) => new PrimaryReplicaMachine(setup),
};

/** Of manual failover as long as nobody is promoted: what an operator will do is not written in the options. */
function claims({ reads, acknowledge, failover, fencing }: PrimaryReplicaOptions): Level {
  if (!fencing || (failover === "automatic" && acknowledge !== "sync")) return "none";
  return reads === "local" ? "eventual" : "linearizable";
}
