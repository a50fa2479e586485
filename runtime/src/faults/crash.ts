import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRegion } from "./parameters.js";

/** A region's replicas crash and restart when the window ends: volatile state is lost, durable state is kept. */
export function crash(region: string, window: FaultWindow = {}): Fault {
  return { fault: "crash", region: checkedRegion("crash", region), ...windowData("crash", window) };
}

export const crashKind: FaultKind = {
  name: "crash",
  parameters: ["region"],
  bind: (fault, world) => {
    const region = checkedRegion("crash", fault["region"]);
    const index = world.regionIndexOf(region);
    let hasFired = false;
    return {
      fault: "crash",
      text: region,
      begin: () => {
        for (const node of world.nodesIn(index)) hasFired = world.crash(node) || hasFired;
      },
      end: () => {
        for (const node of world.nodesIn(index)) world.restart(node);
      },
      hasFired: () => hasFired,
    };
  },
};
