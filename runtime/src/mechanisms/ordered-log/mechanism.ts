import { ConsensusMachine } from "../consensus/consensus-machine.js";
import type { ConsensusMessage } from "../consensus/messages.js";
import type { Mechanism } from "../machine.js";
import { orderedLogClaims } from "./claims.js";

export interface OrderedLogOptions {
  /** Which log: domains of different names have machines of their own, so none has to look at it. */
  readonly partition?: string | undefined;
}

/** One log that all agree on, read locally from the highest position that the session has seen: sequential. */
export const orderedLogMechanism: Mechanism<OrderedLogOptions, ConsensusMessage> = {
  id: "orderedLog",
  data: "commands",
  ...orderedLogClaims,
  create: (setup) => new ConsensusMachine(setup, "session"),
};
