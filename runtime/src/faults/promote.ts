import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRegion } from "./parameters.js";

/** An operator orders a region's replicas to become primary, once, when the window opens. Only a primary-replica can. */
export function promote(region: string, window: FaultWindow = {}): Fault {
  return { fault: "promote", region: checkedRegion("promote", region), ...windowData("promote", window) };
}

export const promoteKind: FaultKind = {
  name: "promote",
  parameters: ["region"],
  bind: (fault, world) => {
    const region = checkedRegion("promote", fault["region"]);
    const index = world.regionIndexOf(region);
    let hasFired = false;
    return {
      fault: "promote",
      text: region,
      begin: () => {
        for (const node of world.nodesIn(index))
          world.command(node, "promote", () => {
            hasFired = true;
          });
      },
      end: () => {},
      hasFired: () => hasFired,
    };
  },
};
