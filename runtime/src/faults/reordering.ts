import type { LinkFault } from "../simulation/network/network.js";
import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedDelay, checkedRatio } from "./parameters.js";

/**
 * This share of the messages between regions, 0 to 1, is held back for up to `heldMs`, so that later ones overtake them.
 * It has fired once one was overtaken.
 */
export function reordering(reorderingRatio: number, heldMs: number, window: FaultWindow = {}): Fault {
  return {
    fault: "reordering",
    reorderingRatio: checkedRatio("reordering", "reorderingRatio", reorderingRatio),
    heldMs: checkedDelay("reordering", "heldMs", heldMs),
    ...windowData("reordering", window),
  };
}

export const reorderingKind: FaultKind = {
  name: "reordering",
  parameters: ["reorderingRatio", "heldMs"],
  bind: (fault, world) => {
    const permille = Math.round(checkedRatio("reordering", "reorderingRatio", fault["reorderingRatio"]) * 1000);
    const heldUs = Math.ceil(checkedDelay("reordering", "heldMs", fault["heldMs"]) * 1000);
    /** By link, when the last of those that were held back arrives. */
    const lastHeldUs = new Map<number, number>();
    let overtaken = 0;
    const reordering: LinkFault = {
      delayedUs: ({ from, to, sentUs, delayUs }, random) => {
        const link = from * world.regions.length + to;
        const lastUs = lastHeldUs.get(link) ?? 0;
        if (sentUs + delayUs < lastUs) overtaken++;
        if (!random.chance(permille, 1000)) return delayUs;
        const laterUs = delayUs + 1 + random.below(heldUs);
        lastHeldUs.set(link, Math.max(lastUs, sentUs + laterUs));
        return laterUs;
      },
    };
    return {
      fault: "reordering",
      text: `${permille / 10} % of messages are held back up to ${heldUs / 1000} ms`,
      begin: () => world.network.faults.add(reordering),
      end: () => world.network.faults.delete(reordering),
      hasFired: () => overtaken > 0,
    };
  },
};
