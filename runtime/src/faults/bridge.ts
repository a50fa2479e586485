import { cutting, linksBetween } from "./cutting.js";
import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRegion } from "./parameters.js";

/**
 * Cuts the other regions into two halves, in the order in which the scenario names them, that only this one can reach
 * both of: neither half sees that the bridge is in touch with the other (Jepsen's nemesis of that name). For halves of
 * your own, leave the bridge out of the groups of a `partition`.
 */
export function bridge(region: string, window: FaultWindow = {}): Fault {
  return { fault: "bridge", region: checkedRegion("bridge", region), ...windowData("bridge", window) };
}

export const bridgeKind: FaultKind = {
  name: "bridge",
  parameters: ["region"],
  bind: (fault, world) => {
    const region = checkedRegion("bridge", fault["region"]);
    const middle = world.regionIndexOf(region);
    const others = world.regions.map((_, index) => index).filter((index) => index !== middle);
    if (others.length < 2)
      throw new RangeError(
        "bridge: it needs at least three regions, one between two halves. Add one, or use partition.",
      );
    const halves = [others.slice(0, others.length >> 1), others.slice(others.length >> 1)];
    const [left, right] = halves.map((half) => half.map((index) => world.regions[index]?.name).join(", "));
    return cutting("bridge", `${left} │ ${right}, both reach ${region}`, world, linksBetween(halves));
  },
};
