import path from "node:path";
import type { Level } from "../../../runtime/src/levels.js";
import {
  defaultRegions,
  distanceKm,
  fibreKmPerSecond,
  findRegion,
} from "../../../runtime/src/simulation/network/regions.js";
import type { CallSite, Site } from "../analysis/model.js";

/** "`a`, `b` and `c`" */
export function list(items: readonly string[], conjunction = "and"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${items.at(-1)}`;
}

const decorators: Readonly<Record<Level, string>> = {
  none: "NoConsistency",
  eventual: "Eventual",
  causal: "Causal",
  sequential: "Sequential",
  linearizable: "Linearizable",
};

/** The runtime's own name of the decorator that asks for a level. */
export function decoratorOf(level: Level): string {
  return decorators[level];
}

/** "`none`" reads badly in a sentence. */
export function levelName(level: Level): string {
  return level === "none" ? "no consistency" : level;
}

/** " through `reserve()` (orders.ts:41)", empty for an operation that stands in the method itself. */
export function throughCalls(through: readonly CallSite[], operation: Site): string {
  const first = through[0];
  if (first === undefined) return "";
  return ` through \`${first.name}()\` (${path.basename(operation.file)}:${operation.range.start.line})`;
}

/** Round trip in ms from the first default region to the nearest majority of three, at the speed of light in fibre. */
export function majorityFloor(): { readonly region: string; readonly ms: number } {
  const [home, ...others] = defaultRegions.map((name) => findRegion(name)).filter((region) => region !== undefined);
  if (home === undefined) return { region: "here", ms: 0 };
  const needed = Math.floor((others.length + 1) / 2); // A majority without the region itself.
  const distances = others.map((other) => distanceKm(home, other)).sort((a, b) => a - b);
  return { region: home.name, ms: Math.round(((2 * (distances[needed - 1] ?? 0)) / fibreKmPerSecond) * 1000) };
}
