import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRegion, shown } from "./parameters.js";

/**
 * A region's clock runs fast or slow while the window is open, and so do the timers of its replicas: at a `driftRatio`
 * of 0.01 it gains 10 ms in a second, at -0.5 it runs at half speed.
 */
export function clockDrift(region: string, driftRatio: number, window: FaultWindow = {}): Fault {
  checkedRegion("clockDrift", region);
  return { fault: "clockDrift", region, driftRatio: checkedRatio(driftRatio), ...windowData("clockDrift", window) };
}

export const clockDriftKind: FaultKind = {
  name: "clockDrift",
  parameters: ["region", "driftRatio"],
  bind: (fault, world) => {
    const region = checkedRegion("clockDrift", fault["region"]);
    const index = world.regionIndexOf(region);
    const ppm = Math.round(checkedRatio(fault["driftRatio"]) * 1_000_000);
    let begunUs = 0;
    return {
      fault: "clockDrift",
      text: `${region} runs ${Math.abs(ppm) / 10_000} % ${ppm < 0 ? "slow" : "fast"}`,
      begin: () => {
        begunUs = world.nowUs;
        for (const node of world.nodesIn(index)) world.changeRate(node, (clock) => clock.beginDrift(ppm, begunUs));
      },
      end: () => {
        for (const node of world.nodesIn(index)) world.changeRate(node, (clock) => clock.endDrift(ppm, world.nowUs));
      },
      hasFired: () => ppm !== 0 && world.nowUs > begunUs,
    };
  },
};

/** A clock that stood still would never fire a timer, and one that runs backwards is no clock. */
function checkedRatio(ratio: unknown): number {
  if (typeof ratio !== "number" || !(ratio >= -0.99 && ratio <= 10))
    throw new RangeError(`clockDrift: driftRatio is ${shown(ratio)}; it has to be a number from -0.99 to 10.`);
  return ratio;
}
