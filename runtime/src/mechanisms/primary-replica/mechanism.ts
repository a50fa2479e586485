import type { Mechanism } from "../machine.js";
import { type PrimaryReplicaOptions, primaryReplicaClaims } from "./claims.js";
import { PrimaryReplicaMachine } from "./machine.js";
import type { PrimaryReplicaMessage } from "./messages.js";

/** One primary takes the writes and sends them to the others. What that promises depends on the options. */
export const primaryReplicaMechanism: Mechanism<PrimaryReplicaOptions, PrimaryReplicaMessage> = {
  id: "primaryReplica",
  data: "commands",
  ...primaryReplicaClaims,
  create: (setup) => new PrimaryReplicaMachine(setup),
};
