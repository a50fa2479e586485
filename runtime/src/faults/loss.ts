import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";

/** Every link between regions loses this share of its messages, 0 to 1. */
export function loss(lossRatio: number, window: FaultWindow = {}): Fault {
  return { fault: "loss", lossRatio: checkedRatio(lossRatio), ...windowData("loss", window) };
}

export const lossKind: FaultKind = {
  name: "loss",
  parameters: ["lossRatio"],
  bind: (fault, world) => {
    const permille = Math.round(checkedRatio(fault["lossRatio"]) * 1000);
    const losing = { permille, lost: 0 };
    return {
      fault: "loss",
      text: `${permille / 10} % of messages`,
      begin: () => world.network.losses.add(losing),
      end: () => world.network.losses.delete(losing),
      hasFired: () => losing.lost > 0,
    };
  },
};

function checkedRatio(ratio: unknown): number {
  if (typeof ratio !== "number" || !(ratio >= 0 && ratio <= 1))
    throw new RangeError(`loss: the ratio is ${String(ratio)}; it has to be a number from 0 to 1.`);
  return ratio;
}
