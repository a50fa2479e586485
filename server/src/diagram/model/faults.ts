import type { ScheduleEvent } from "../input.js";

/** A stretch of time in which a fault was in effect. */
export interface FaultStretch {
  /** Index of the event with which it began. */
  readonly event: number;
  readonly fault: string;
  readonly text: string;
  readonly startUs: number;
  readonly endUs: number;
  /** Groups that could not reach each other; empty unless it cut links. */
  readonly sides: readonly (readonly string[])[];
  /** Regions that nobody, or not the larger side, could reach: down, paused or cut off. */
  readonly regions: readonly string[];
}

export function faultStretches(
  events: readonly ScheduleEvent[],
  regions: readonly string[],
  lastUs: number,
): readonly FaultStretch[] {
  const open = new Map<string, { index: number; startUs: number }>();
  const found: FaultStretch[] = [];
  const close = (key: string, endUs: number): void => {
    const start = open.get(key);
    const event = start === undefined ? undefined : events[start.index];
    if (start === undefined || event?.kind !== "fault") return;
    open.delete(key);
    const { fault, text } = event;
    found.push({ event: start.index, fault, text, startUs: start.startUs, endUs, ...reach(fault, text, regions) });
  };
  for (const [index, event] of events.entries()) {
    if (event.kind !== "fault") continue;
    const key = `${event.fault} ${event.text}`;
    if (event.fault === "heal") for (const each of [...open.keys()]) close(each, event.atUs);
    else if (event.phase === "end") close(key, event.atUs);
    else if (!open.has(key)) open.set(key, { index, startUs: event.atUs });
  }
  for (const key of [...open.keys()]) close(key, lastUs);
  return found.sort((a, b) => a.startUs - b.startUs || a.event - b.event);
}

/** After these a region does not answer; others slow it down, or mislead it. */
const silencing: ReadonlySet<string> = new Set(["crash", "pause"]);

/** Faults say what they hit in words: `nyc │ london, tokyo`, `london`, `london is 6 ms ahead`. */
function reach(fault: string, text: string, regions: readonly string[]): Pick<FaultStretch, "sides" | "regions"> {
  const parts = text.split("│").map((part) => namedIn(part, regions));
  if (parts.length === 1) return { sides: [], regions: silencing.has(fault) ? (parts[0] ?? []) : [] };
  const sides = parts.filter((part) => part.length > 0);
  const largest = sides.reduce<readonly string[]>((most, side) => (side.length > most.length ? side : most), []);
  return { sides, regions: sides.filter((side) => side !== largest).flat() };
}

function namedIn(text: string, regions: readonly string[]): readonly string[] {
  const words = new Set(text.split(/[\s,]+/));
  return regions.filter((region) => words.has(region) || text.trim() === region);
}
