import type { LinkFault } from "../simulation/network/network.js";
import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRatio } from "./parameters.js";

/**
 * This share of the messages between regions, 0 to 1, arrives twice, the copy up to a few link latencies after the
 * message: what a sender does that resends although the first came through.
 */
export function duplication(duplicationRatio: number, window: FaultWindow = {}): Fault {
  return {
    fault: "duplication",
    duplicationRatio: checkedRatio("duplication", "duplicationRatio", duplicationRatio),
    ...windowData("duplication", window),
  };
}

export const duplicationKind: FaultKind = {
  name: "duplication",
  parameters: ["duplicationRatio"],
  bind: (fault, world) => {
    const permille = Math.round(checkedRatio("duplication", "duplicationRatio", fault["duplicationRatio"]) * 1000);
    const { network } = world;
    let copies = 0;
    const duplicating: LinkFault = {
      copyAfterUs: (from, to, random) => {
        if (!random.chance(permille, 1000)) return undefined;
        copies++;
        return random.exponential(network.latencyUs(from, to));
      },
    };
    return {
      fault: "duplication",
      text: `${permille / 10} % of messages arrive twice`,
      begin: () => network.faults.add(duplicating),
      end: () => network.faults.delete(duplicating),
      hasFired: () => copies > 0,
    };
  },
};
