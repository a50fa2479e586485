import type { LinkFault } from "../simulation/network/network.js";
import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedDelay } from "./parameters.js";

/** Which links a delay is on, besides when. */
export interface DelayWindow extends FaultWindow {
  /** Only messages from this region. Default: from any. */
  readonly from?: string;
  /** Only messages to this region. Default: to any. */
  readonly to?: string;
}

/**
 * Messages between regions take so much longer: all of them, or those from a region, to a region or both. For the one
 * direction only; for both, give two delays.
 */
export function delay(delayMs: number, { from, to, ...window }: DelayWindow = {}): Fault {
  return {
    fault: "delay",
    delayMs: checkedDelay("delay", "delayMs", delayMs),
    ...checkedLinks(from, to),
    ...windowData("delay", window),
  };
}

export const delayKind: FaultKind = {
  name: "delay",
  parameters: ["delayMs", "from", "to"],
  bind: (fault, world) => {
    const delayMs = checkedDelay("delay", "delayMs", fault["delayMs"]);
    const { from, to } = checkedLinks(fault["from"], fault["to"]);
    const fromIndex = from === undefined ? undefined : world.regionIndexOf(from);
    const toIndex = to === undefined ? undefined : world.regionIndexOf(to);
    const delayUs = Math.ceil(delayMs * 1000);
    let delayed = 0;
    const delaying: LinkFault = {
      delayedUs: (passage) => {
        if (fromIndex !== undefined && passage.from !== fromIndex) return passage.delayUs;
        if (toIndex !== undefined && passage.to !== toIndex) return passage.delayUs;
        delayed++;
        return passage.delayUs + delayUs;
      },
    };
    const isEverywhere = from === undefined && to === undefined;
    const where = isEverywhere ? "between all regions" : `${from ?? "all"} → ${to ?? "all"}`;
    return {
      fault: "delay",
      text: `${where} +${delayMs} ms`,
      begin: () => world.network.faults.add(delaying),
      end: () => world.network.faults.delete(delaying),
      hasFired: () => delayed > 0,
    };
  },
};

function checkedLinks(from: unknown, to: unknown): { readonly from?: string; readonly to?: string } {
  const isRegion = (name: unknown) => name === undefined || typeof name === "string";
  if (!isRegion(from) || !isRegion(to)) throw new RangeError("delay: from and to are names of regions, or left out.");
  if (from !== undefined && from === to)
    throw new RangeError(`delay: from and to are both "${from}"; name two regions, or leave one out.`);
  return { ...(from === undefined ? {} : { from: from as string }), ...(to === undefined ? {} : { to: to as string }) };
}
