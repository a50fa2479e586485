import { isAtLeast } from "../../levels.js";
import type { OperationEvent } from "../../simulation/trace.js";
import type { Story } from "../story.js";
import { type Cause, editing, fieldOf } from "./cause.js";
import { endOf, misses, shows } from "./sight.js";

/** Somebody is shown a change, and not another one that was made before it by who knew of both. */
export function effectBeforeCause(story: Story): Cause | undefined {
  const { reads, writes } = witnesses(story);
  for (const read of reads)
    for (const cause of writes.filter((write) => misses(read, write)))
      for (const effect of writes) {
        if (effect === cause || !hadKnown(story, effect, cause)) continue;
        const isShown = reads.some((o) => isBy(read, o) && endOf(o) <= endOf(read) && shows(o, effect));
        if (!isShown) continue;
        const maker = effect.session === cause.session ? "One session made ① and then ②" : "Who made ② knew of ①";
        return {
          anomaly: undefined,
          racing: [cause, effect, read],
          why: `${maker}, and yet ${read.region} shows ② without ①: ${looseOrder([cause, effect])}.`,
          remedies: isCausal([cause, effect])
            ? [oneOrder([cause, effect])]
            : [
                editing(
                  story,
                  cellsOf([cause, effect]),
                  "`@Causal()`: who is shown a change has been shown what came before it",
                  "causal",
                ),
              ],
        };
      }
  return undefined;
}

/** One shows the one change and not the other, another the other way round. */
export function contradictingOrders(story: Story): Cause | undefined {
  const { reads, writes } = witnesses(story);
  const sights = reads.flatMap((read) =>
    writes.filter((write) => shows(read, write)).map((shown) => ({ read, shown })),
  );
  for (const { read, shown } of sights)
    for (const missed of reads
      .filter((o) => isBy(read, o))
      .flatMap((o) => writes.filter((write) => misses(o, write)))) {
      const other = sights.find((o) => o.shown === missed && o.read.session !== read.session);
      const isOpposite = reads.some((o) => other !== undefined && isBy(other.read, o) && misses(o, shown));
      if (other === undefined || !isOpposite || shown.session === missed.session) continue;
      const pair = [shown, missed];
      return {
        anomaly: undefined,
        racing: pair,
        why: `${read.region} shows ① without ②, and ${other.read.region} ② without ①: ${looseOrder(pair)}.`,
        remedies:
          isCausal(pair) && isAtLeast(shown.level, "sequential")
            ? [oneOrder(pair)]
            : [editing(story, cellsOf(pair), "`@Sequential()`: one order for everybody", "sequential")],
      };
    }
  return undefined;
}

/** What was read and what was changed, as far as the violation is about it. At level none nothing is under way anywhere. */
function witnesses(story: Story) {
  const all = [...story.operations, ...story.judgedReads];
  const isAsked = (o: OperationEvent) => story.concerns(o.cell) || story.concernsCallOf(o);
  return {
    reads: all.filter((o) => !o.mutates && o.outcome === "ok" && (o.judging || isAsked(o))),
    writes: story.operations.filter(
      (o) => o.mutates && o.level !== "none" && (o.outcome === "ok" || o.tookEffect === true),
    ),
  };
}

const isBy = (one: OperationEvent, other: OperationEvent): boolean =>
  one.session === other.session && one.region === other.region;

/** Whether who made the later change had made or been shown the earlier one. */
function hadKnown(story: Story, later: OperationEvent, earlier: OperationEvent): boolean {
  if (later.session === earlier.session) return endOf(earlier) <= later.atUs;
  return story.operations.some((o) => o.session === later.session && endOf(o) <= later.atUs && shows(o, earlier));
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
