import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRegion } from "./parameters.js";

/** A region's clock is off by `offsetMs` (it may be negative) while the window is open. */
export function clockSkew(region: string, offsetMs: number, window: FaultWindow = {}): Fault {
  checkedRegion("clockSkew", region);
  return { fault: "clockSkew", region, offsetMs: checkedOffset(offsetMs), ...windowData("clockSkew", window) };
}

export const clockSkewKind: FaultKind = {
  name: "clockSkew",
  parameters: ["region", "offsetMs"],
  bind: (fault, world) => {
    const region = String(fault["region"]);
    const index = world.regionIndexOf(region);
    const offsetMs = checkedOffset(fault["offsetMs"]);
    const shift = (byUs: number) => {
      for (const node of world.nodesIn(index)) world.node(node).clock.skewUs += byUs;
    };
    return {
      fault: "clockSkew",
      text: `${region} is ${duration(Math.abs(offsetMs))} ${offsetMs < 0 ? "behind" : "ahead"}`,
      begin: () => shift(Math.round(offsetMs * 1000)),
      end: () => shift(-Math.round(offsetMs * 1000)),
      hasFired: () => offsetMs !== 0,
    };
  },
};

function duration(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}

function checkedOffset(offsetMs: unknown): number {
  if (typeof offsetMs !== "number" || !Number.isFinite(offsetMs))
    throw new RangeError(`clockSkew: the offset is ${String(offsetMs)}; it has to be a number of milliseconds.`);
  return offsetMs;
}
