import { cutting } from "./cutting.js";
import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";

/**
 * Cuts one direction of a link: messages from one region to the other are dropped, those the other way pass. Half-open
 * links are what real partitions often are (Alfatafta et al., Toward a Generic Fault Tolerance Technique for Partial
 * Network Partitioning, OSDI 2020, call them simplex).
 */
export function cut(from: string, to: string, window: FaultWindow = {}): Fault {
  return { fault: "cut", ...checkedDirection(from, to), ...windowData("cut", window) };
}

export const cutKind: FaultKind = {
  name: "cut",
  parameters: ["from", "to"],
  bind: (fault, world) => {
    const { from, to } = checkedDirection(fault["from"], fault["to"]);
    const link = [world.regionIndexOf(from), world.regionIndexOf(to)] as const;
    return cutting("cut", `${from} → ${to}`, world, [link]);
  },
};

function checkedDirection(from: unknown, to: unknown): { readonly from: string; readonly to: string } {
  if (typeof from !== "string" || typeof to !== "string")
    throw new RangeError('cut: it takes two regions, from and to, such as cut("nyc", "london").');
  if (from === to)
    throw new RangeError(
      `cut: from and to are both "${from}"; name two regions. To stop one region, use pause or crash.`,
    );
  return { from, to };
}
