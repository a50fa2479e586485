import type { LinkFault } from "../simulation/network/network.js";
import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRatio } from "./parameters.js";

/** Every link between regions loses this share of its messages, 0 to 1. */
export function loss(lossRatio: number, window: FaultWindow = {}): Fault {
  return { fault: "loss", lossRatio: checkedRatio("loss", "lossRatio", lossRatio), ...windowData("loss", window) };
}

export const lossKind: FaultKind = {
  name: "loss",
  parameters: ["lossRatio"],
  bind: (fault, world) => {
    const permille = Math.round(checkedRatio("loss", "lossRatio", fault["lossRatio"]) * 1000);
    let lost = 0;
    const losing: LinkFault = {
      loses: (_from, _to, random) => {
        const isLost = random.chance(permille, 1000);
        if (isLost) lost++;
        return isLost;
      },
    };
    return {
      fault: "loss",
      text: `${permille / 10} % of messages`,
      begin: () => world.network.faults.add(losing),
      end: () => world.network.faults.delete(losing),
      hasFired: () => lost > 0,
    };
  },
};
