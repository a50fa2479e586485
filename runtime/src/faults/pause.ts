import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRegion } from "./parameters.js";

/** A region's replicas stand still (a long garbage collection, a suspended machine) and then go on with what waited. */
export function pause(region: string, window: FaultWindow = {}): Fault {
  return { fault: "pause", region: checkedRegion("pause", region), ...windowData("pause", window) };
}

export const pauseKind: FaultKind = {
  name: "pause",
  parameters: ["region"],
  bind: (fault, world) => {
    const region = checkedRegion("pause", fault["region"]);
    const index = world.regionIndexOf(region);
    return {
      fault: "pause",
      text: region,
      begin: () => {
        for (const node of world.nodesIn(index)) world.pause(node);
      },
      end: () => {
        for (const node of world.nodesIn(index)) world.resume(node);
      },
      hasFired: () => world.nodesIn(index).some((node) => world.node(node).waitingCount > 0),
    };
  },
};
