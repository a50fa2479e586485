import type { Mechanism } from "../machine.js";
import { type TrueTimeOptions, trueTimeClaims } from "./claims.js";
import { TrueTimeMachine } from "./machine.js";
import type { TrueTimeMessage } from "./messages.js";

/** Two-phase commit over shards that are Raft groups, in the order of timestamps from clocks of bounded uncertainty. */
export const trueTimeMechanism: Mechanism<TrueTimeOptions, TrueTimeMessage> = {
  id: "trueTime",
  data: "commands",
  ...trueTimeClaims,
  create: ({ options: { epsilonMs = 7, commitWait = true }, ...setup }) =>
    new TrueTimeMachine({ ...setup, options: { epsilonMs, commitWait } }),
};
