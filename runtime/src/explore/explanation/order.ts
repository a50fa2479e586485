import { isAtLeast } from "../../levels.js";
import type { OperationEvent } from "../../simulation/trace.js";
import type { Story } from "../story.js";
import { type Cause, editing, fieldOf } from "./cause.js";
import { endOf, misses, shows } from "./sight.js";

/** Somebody is shown a change, and not another one that was made before it by who knew of both. */
export function effectBeforeCause(story: Story): Cause | undefined {
  const sights = sightsOf(story);
  for (const { read, missed } of sights) {
    if (missed.length === 0) continue;
    const known = sights.filter((other) => isBy(read, other.read) && endOf(other.read) <= endOf(read));
    const shown = [...new Set(known.flatMap((other) => other.shown))];
    for (const cause of missed) {
      const effect = shown.find((each) => each !== cause && hadKnown(sights, each, cause));
      if (effect !== undefined) return withoutCause(story, read, cause, effect);
    }
  }
  return undefined;
}

function withoutCause(story: Story, read: OperationEvent, cause: OperationEvent, effect: OperationEvent): Cause {
  const pair = [cause, effect];
  const maker = effect.session === cause.session ? "One session made ① and then ②" : "Who made ② knew of ①";
  const remedy = "`@Causal()`: who is shown a change has been shown what came before it";
  return {
    anomaly: undefined,
    racing: [cause, effect, read],
    why: `${maker}, and yet ${read.region} shows ② without ①: ${looseOrder(pair)}.`,
    remedies: [isCausal(pair) ? oneOrder(pair) : editing(story, cellsOf(pair), remedy, "causal")],
  };
}

/** One shows the one change and not the other, another the other way round. */
export function contradictingOrders(story: Story): Cause | undefined {
  const sights = sightsOf(story);
  for (const { read, shown } of sights)
    for (const first of shown)
      for (const second of new Set(sights.filter((own) => isBy(read, own.read)).flatMap((own) => own.missed))) {
        if (first.session === second.session) continue;
        const other = sights.find((each) => each.read.session !== read.session && each.shown.includes(second));
        if (other === undefined) continue;
        const isOpposite = sights.some((each) => isBy(other.read, each.read) && each.missed.includes(first));
        if (isOpposite) return opposite(story, [first, second], [read.region, other.read.region]);
      }
  return undefined;
}

function opposite(story: Story, pair: readonly OperationEvent[], [one, other]: readonly [string, string]): Cause {
  return {
    anomaly: undefined,
    racing: pair,
    why: `${one} shows ① without ②, and ${other} ② without ①: ${looseOrder(pair)}.`,
    remedies: [
      pair.every(({ level }) => isAtLeast(level, "sequential"))
        ? oneOrder(pair)
        : editing(story, cellsOf(pair), "`@Sequential()`: one order for everybody", "sequential"),
    ],
  };
}

/** What a read shows and what it does not know of. */
interface Sight {
  readonly read: OperationEvent;
  readonly shown: readonly OperationEvent[];
  readonly missed: readonly OperationEvent[];
}

/** As far as the violation is about it: in long schedules, the last of it. At level none nothing is under way anywhere. */
function sightsOf(story: Story): readonly Sight[] {
  const { operations, judgedReads } = story;
  const isAsked = (o: OperationEvent) => story.concerns(o.cell) || story.concernsCallOf(o);
  const reads = [
    ...operations
      .filter(({ mutates }) => !mutates)
      .slice(-recent)
      .filter(isAsked),
    ...judgedReads,
  ];
  const writes = operations
    .filter((o) => o.mutates && o.level !== "none" && (o.outcome === "ok" || o.tookEffect === true))
    .slice(-recent);
  return reads
    .slice(-recent)
    .filter(({ mutates, outcome }) => !mutates && outcome === "ok")
    .map((read) => ({
      read,
      shown: writes.filter((write) => shows(read, write)),
      missed: writes.filter((write) => misses(read, write)),
    }));
}

/** Who looks for pairs among more than these looks for a long time. */
const recent = 100;

const isBy = (one: OperationEvent, other: OperationEvent): boolean =>
  one.session === other.session && one.region === other.region;

/** Whether who made the later change had made or been shown the earlier one. */
function hadKnown(sights: readonly Sight[], later: OperationEvent, earlier: OperationEvent): boolean {
  if (later.session === earlier.session) return endOf(earlier) <= later.atUs;
  return sights.some(
    ({ read, shown }) => read.session === later.session && endOf(read) <= later.atUs && shown.includes(earlier),
  );
}

const isCausal = (pair: readonly OperationEvent[]): boolean => pair.every(({ level }) => isAtLeast(level, "causal"));

function cellsOf(pair: readonly OperationEvent[]): readonly string[] {
  return [...new Set(pair.map(({ cell }) => cell))];
}

function named(pair: readonly OperationEvent[]): string {
  return [...new Set(pair.map(({ cell }) => `\`${fieldOf(cell)}\``))].join(" and ");
}

function looseOrder(pair: readonly OperationEvent[]): string {
  const [first] = pair;
  const level = pair.find((o) => !isAtLeast(o.level, "causal"))?.level ?? first?.level;
  if (!isCausal(pair))
    return `at level ${level} each change travels by itself, and whichever arrives first is shown first`;
  if (level === "causal") return "at level causal changes that know nothing of each other are shown in any order";
  return `${named(pair)} each have an order of their own, and nothing orders the one against the other`;
}

const oneOrder = (pair: readonly OperationEvent[]): string =>
  `keep ${named(pair)} in one order: the same level, the same mechanism and its options`;
