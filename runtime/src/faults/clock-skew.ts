import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRegion, shown } from "./parameters.js";

/** A region's clock is off by `offsetMs` (it may be negative) while the window is open. */
export function clockSkew(region: string, offsetMs: number, window: FaultWindow = {}): Fault {
  checkedRegion("clockSkew", region);
  return { fault: "clockSkew", region, offsetMs: checkedOffset(offsetMs), ...windowData("clockSkew", window) };
}

export const clockSkewKind: FaultKind = {
  name: "clockSkew",
  parameters: ["region", "offsetMs"],
  bind: (fault, world) => {
    const region = checkedRegion("clockSkew", fault["region"]);
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

/** A clock that starts again at 1970 is 1.8 × 10¹² ms behind; in µs, this much is still counted exactly. */
const largestOffsetMs = 2_000_000_000_000;

function checkedOffset(offsetMs: unknown): number {
  if (typeof offsetMs !== "number" || !(Math.abs(offsetMs) <= largestOffsetMs))
    throw new RangeError(
      `clockSkew: offsetMs is ${shown(offsetMs)}; it has to be a number of milliseconds, at most ${largestOffsetMs} ` +
        "ahead or, below 0, behind.",
    );
  return offsetMs;
}
