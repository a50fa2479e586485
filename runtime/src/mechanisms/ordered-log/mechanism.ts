import { ConsensusMachine } from "../consensus/consensus-machine.js";
import type { ConsensusMessage } from "../consensus/messages.js";
import type { Mechanism } from "../machine.js";
import { orderedLogClaims } from "./claims.js";

/** It has no options: its log needs a majority and its reads the session's own position. */
export type OrderedLogOptions = Readonly<Record<string, never>>;

/** One log that all agree on, read locally from the highest position that the session has seen: sequential. */
export const orderedLogMechanism: Mechanism<OrderedLogOptions, ConsensusMessage> = {
  id: "orderedLog",
  data: "commands",
  ...orderedLogClaims,
  create: (setup) => new ConsensusMachine(setup, "session"),
};
