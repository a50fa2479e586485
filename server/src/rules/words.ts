import path from "node:path";
import { majorityOf, quorumTrip } from "../../../runtime/src/advice/latency/index.js";
import type { Level } from "../../../runtime/src/levels.js";
import type { CallSite, Site } from "../analysis/model.js";
import type { Regions } from "../configuration/index.js";

/** "`a`, `b` and `c`" */
export function list(items: readonly string[], conjunction = "and"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${items.at(-1)}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
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

/** "the default regions (nyc, london and tokyo)": who has not said where the replicas are has to know what is assumed. */
export function regionsText({ places, areDefault }: Regions): string {
  const names = list(places.map(({ name }) => name));
  if (places.length === 1) return `the configured region ${names}`;
  return `the ${areDefault ? "default" : "configured"} regions (${names})`;
}

/**
 * "(at least 56 ms from nyc, with the default regions) ": a round trip from the first region to the nearest majority of a
 * replica in each, at the speed of light in fibre. Empty where all are in one place.
 */
export function majorityFloorText({ places, areDefault }: Regions): string {
  const [home] = places;
  if (home === undefined) return "";
  const replicas = places.length;
  const trip = quorumTrip({ from: home, regions: places, replicas, needed: majorityOf(replicas) });
  const ms = Math.round(trip?.ms ?? 0);
  return ms === 0 ? "" : `(at least ${ms} ms from ${home.name}${areDefault ? ", with the default regions" : ""}) `;
}
