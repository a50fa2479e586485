import type { LinkFault } from "../simulation/network/network.js";
import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRegion, shown } from "./parameters.js";

/**
 * A region limps: its replicas take `factor` times as long for each message and request, and so do messages between it
 * and other regions. It answers, so nobody takes it for dead (Huang et al., Gray Failure: The Achilles' Heel of
 * Cloud-Scale Systems, HotOS 2017).
 */
export function slowRegion(region: string, factor: number, window: FaultWindow = {}): Fault {
  return {
    fault: "slowRegion",
    region: checkedRegion("slowRegion", region),
    factor: checkedFactor(factor),
    ...windowData("slowRegion", window),
  };
}

export const slowRegionKind: FaultKind = {
  name: "slowRegion",
  parameters: ["region", "factor"],
  bind: (fault, world) => {
    const region = checkedRegion("slowRegion", fault["region"]);
    const factor = checkedFactor(fault["factor"]);
    const index = world.regionIndexOf(region);
    let slowed = 0;
    let servedBefore = 0;
    const served = () => world.nodesIn(index).reduce((sum, node) => sum + world.node(node).served, 0);
    const slowing: LinkFault = {
      delayedUs: ({ from, to, delayUs }) => {
        if (from !== index && to !== index) return delayUs;
        slowed++;
        return Math.round(delayUs * factor);
      },
    };
    return {
      fault: "slowRegion",
      text: `${region} takes ${factor} times as long`,
      begin: () => {
        servedBefore = served();
        world.network.faults.add(slowing);
        for (const node of world.nodesIn(index)) world.node(node).beginSlowness(factor);
      },
      end: () => {
        world.network.faults.delete(slowing);
        for (const node of world.nodesIn(index)) world.node(node).endSlowness(factor);
      },
      hasFired: () => slowed > 0 || served() > servedBefore,
    };
  },
};

function checkedFactor(factor: unknown): number {
  if (typeof factor !== "number" || !(factor > 1 && factor <= 1000))
    throw new RangeError(`slowRegion: factor is ${shown(factor)}; it has to be a number above 1, at most 1000.`);
  return factor;
}
