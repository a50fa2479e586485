import { fibreKmPerSecond } from "../../../../runtime/src/simulation/network/regions.js";
import type { Cell, CellEffect, FileModel, LevelAnnotation, Method, TimeLimit, Waits } from "../../analysis/model.js";
import type { Regions } from "../../configuration/index.js";
import type { Problem, Report, Rule } from "../rule.js";
import { capitalised, levelName, list, throughCalls } from "../words.js";
import { demandingEffects, floorOf, isDemanding, msOf, type RoundTrip } from "./floors.js";

/**
 * Nothing is faster than light in fibre: what needs a majority waits for its nearest
 * replicas, wherever the leader is. Judged from every region; the slowest that misses the limit is named.
 */
export const noImpossibleLatency: Rule = {
  id: "no-impossible-latency",
  severity: "error",
  summary: "A `@Deadline` or `timeoutMs` below what the distance between the regions allows at that level.",
  check(model, report) {
    for (const method of model.methods) checkMethod(method, model.regions, report);
    checkTimeouts(model, report);
  },
};

interface Miss {
  readonly region: string;
  readonly trips: readonly RoundTrip[];
  readonly ms: number;
}

function checkMethod(method: Method, regions: Regions, report: Report): void {
  const { deadline } = method;
  if (deadline === undefined) return;
  const miss = worstMiss(method.waits, deadline.ms, regions);
  if (miss === undefined) return;
  const effects = miss.trips.flatMap((trip) => trip.effects);
  report({
    ...problem("the deadline", { limit: deadline, miss, effects: demandingEffects(method.waits), regions }, report),
    message: `\`${method.name}\` cannot finish within ${number(deadline.ms)} ms from ${miss.region}.`,
    related: distinct(effects).map((effect) => ({
      at: effect.site,
      message: `\`${effect.operation}\` on \`${effect.cell.name}\` (${levelName(effect.cellLevel)}) waits here${throughCalls(effect.through, effect.site)}`,
    })),
  });
}

/** One write has to be possible in the time that each operation is given. */
function checkTimeouts({ cells, file, regions }: FileModel, report: Report): void {
  const byPlace = new Map<string, { readonly annotation: LevelAnnotation; readonly cells: Cell[] }>();
  for (const cell of cells) {
    const { annotation } = cell;
    if (annotation?.timeout === undefined || annotation.timeout.site.file !== file) continue;
    const { line, column } = annotation.timeout.site.range.start;
    const known = byPlace.get(`${line}:${column}`);
    if (known === undefined) byPlace.set(`${line}:${column}`, { annotation, cells: [cell] });
    else known.cells.push(cell);
  }
  for (const { annotation, cells } of byPlace.values()) checkTimeout(annotation, cells, regions, report);
}

function checkTimeout(
  { timeout, level }: LevelAnnotation,
  cells: readonly Cell[],
  regions: Regions,
  report: Report,
): void {
  if (timeout === undefined) return;
  const effects = cells.map((cell) => write(cell, level)).filter(isDemanding);
  const [first] = effects;
  const miss = first && worstMiss({ kind: "operation", effect: first }, timeout.ms, regions);
  if (miss === undefined) return;
  report({
    ...problem("`timeoutMs`", { limit: timeout, miss, effects, regions }, report),
    message: `${list(effects.map(({ cell }) => `\`${cell.name}\``))} cannot be written within ${number(timeout.ms)} ms from ${miss.region}.`,
  });
}

function write(cell: Cell, level: LevelAnnotation["level"]): CellEffect {
  const effect = { cell, cellLevel: level, level, operation: "write", access: "write", handled: false } as const;
  return { ...effect, readAt: undefined, methodLevel: undefined, site: cell.site, through: [] };
}

function worstMiss(waits: Waits, limitMs: number, { places }: Regions): Miss | undefined {
  let worst: Miss | undefined;
  for (const region of places) {
    const trips = floorOf(waits, { from: region, regions: places });
    const ms = msOf(trips);
    if (ms > limitMs && ms > (worst?.ms ?? 0)) worst = { region: region.name, trips, ms };
  }
  return worst;
}

interface Missed {
  readonly limit: TimeLimit;
  readonly miss: Miss;
  readonly effects: readonly CellEffect[];
  readonly regions: Regions;
}

function problem(name: string, { limit, miss, effects, regions }: Missed, report: Report): Omit<Problem, "message"> {
  const enough = roomFor(miss.ms);
  const cells = distinct(effects).map((effect) => effect.cell);
  return {
    at: limit.site,
    why: `${demands(miss)} ${arithmetic(miss)} ${assumed(regions)}`.trimEnd(),
    help: `Raise ${name} to ${number(enough)} ms, use \`@Causal()\`, or ${nearer(miss)}.`,
    fixes: [
      report.fixes.setTimeLimit(limit, enough, `Allow ${number(enough)} ms`),
      report.fixes.weaken(
        cells.filter((cell, index) => cells.indexOf(cell) === index),
        "causal",
      ),
    ],
  };
}

/** Who has not said where the replicas are has to know what is assumed. */
function assumed({ places, areDefault }: Regions): string {
  return areDefault ? `The regions are the defaults: ${list(places.map(({ name }) => name))}.` : "";
}

function nearer({ trips, region }: Miss): string {
  const [first] = trips;
  if (first?.awaits === "quorum") return `wait for fewer than ${first.needed} replicas`;
  return `place ${first?.awaits === "replica" ? "another replica" : "a majority"} near ${region}`;
}

/** Half as much again, for what is not light in fibre: detours, queues, disks. */
function roomFor(ms: number): number {
  return Math.ceil((ms * 1.5) / 50) * 50;
}

/** "A linearizable write needs one round trip to a majority;" */
function demands({ trips }: Miss): string {
  const [first] = trips;
  if (first === undefined) return "";
  const counts = new Map<string, number>();
  for (const { purpose } of trips) counts.set(purpose, (counts.get(purpose) ?? 0) + 1);
  const what = list(
    [...counts].map(([purpose, count]) => (count === 1 ? `a ${purpose}` : `${counted(count)} ${purpose}s`)),
  );
  return trips.length === 1
    ? `${capitalised(what)} needs one round trip to ${target(first)};`
    : `${capitalised(what)}, one after the other, need ${counted(trips.length)} round trips to ${target(first)};`;
}

function target({ awaits, needed, replicas }: RoundTrip): string {
  if (awaits === "replica") return "another replica";
  return awaits === "quorum" ? `${needed} of ${replicas} replicas` : "a majority";
}

/** "the nearest other replica, london, is 9,559 km away: 2 × 9,559 km ÷ 199,861 km/s (light in fibre) = 96 ms." */
function arithmetic({ trips, ms }: Miss): string {
  const groups = new Map<string, RoundTrip[]>();
  for (const trip of trips) groups.set(trip.to, [...(groups.get(trip.to) ?? []), trip]);
  const places = [...groups.values()].flatMap(([trip]) => (trip === undefined ? [] : [place(trip)]));
  const speed = `${number(Math.floor(fibreKmPerSecond))} km/s (light in fibre)`;
  const terms = [...groups.values()].map((group) => {
    const times = group.length === 1 ? "" : `${group.length} × `;
    return `${times}2 × ${number(Math.round(group[0]?.km ?? 0))} km ÷ ${speed}`;
  });
  return `${list(places)}: ${terms.join(" + ")} = ${number(Math.round(ms))} ms.`;
}

function place({ isNearest, to, km, awaits }: RoundTrip): string {
  const distance = `${number(Math.round(km))} km away`;
  if (isNearest) return `the nearest other replica, ${to}, is ${distance}`;
  return `the last replica of the nearest ${awaits === "quorum" ? "quorum" : "majority"}, ${to}, is ${distance}`;
}

function distinct(effects: readonly CellEffect[]): readonly CellEffect[] {
  return effects.filter((effect, index) => effects.findIndex((each) => each.cell === effect.cell) === index);
}

function counted(count: number): string {
  return ["no", "one", "two", "three", "four", "five", "six"][count] ?? number(count);
}

/** 9559 as "9,559": by hand, as what a locale gives differs from one machine to the next. */
function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}
