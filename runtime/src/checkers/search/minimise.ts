import { isPure, type Partition, type PartitionEvent } from "./partition.js";
import { Search } from "./search.js";

/** What cannot be explained: the events that are needed to show it. */
export interface Contradiction {
  readonly partition: Partition;
  /**
   * No order explains these after what had ended before they began, whichever of the others happened in their own time.
   * In order of invocation.
   */
  readonly essential: readonly PartitionEvent[];
}

/** Where this does not suffice, events are kept that could have gone: the anomaly still holds, but is not the smallest. */
const stepsInAll = 500_000;
const defaultWindows = [12, 48, 192, Number.POSITIVE_INFINITY];

/**
 * Takes everything away from an inexplicable partition that it stays inexplicable without. Taking a mutation away
 * outright would leave the reads of its value without a source, so it only becomes optional: it may have happened,
 * within its own time, or not at all. What is left contradicts itself whatever the others did.
 *
 * Mostly the last few events suffice, so those are tried alone first, from every state that the rest may have led to.
 */
export function minimise(partition: Partition, failed: Search, windows = defaultWindows): Contradiction {
  const budget: Budget = { left: stepsInAll };
  // Events invoked after the obstacle have never been looked at: the search failed without them.
  const considered = partition.events.filter((event) => event.invoked < failed.obstacle);
  const later = overlapping(partition.events.slice(considered.length), considered);
  for (const problem of problems(partition, considered, later, failed, windows, budget)) {
    if (isContradiction(problem, budget)) return { partition, essential: smallest(problem, budget) };
  }
  return { partition, essential: considered.filter((event) => event.required) };
}

/** Once what made the obstacle is optional, later events may come before those that they overlap with. */
function overlapping(later: readonly PartitionEvent[], considered: readonly PartitionEvent[]): PartitionEvent[] {
  const end = considered.reduce((end, event) => (event.required ? Math.max(end, event.completed) : end), 0);
  const events = later.filter((event) => event.invoked < end);
  return relaxed(events, new Set(events));
}

/** Parts of the whole that may contradict themselves, the smallest first. */
function* problems(
  partition: Partition,
  considered: readonly PartitionEvent[],
  later: readonly PartitionEvent[],
  failed: Search,
  windows: readonly number[],
  budget: Budget,
): Generator<Problem> {
  const all = whole([...considered, ...later], partition);
  // Only where time orders all events has what came before the last few led to states that these can start from.
  if (partition.order !== "real-time") yield onFewestCells(all, partition, budget);
  else
    for (const size of windows) {
      if (size >= considered.length) yield all;
      else {
        const { starts, events } = last(size, considered, partition, failed);
        yield { starts, events: [...events, ...later] };
      }
    }
}

/** What an order explains it explains of each cell: a contradiction on some of the cells is one of all. */
function onFewestCells(problem: Problem, { cells }: Partition, budget: Budget): Problem {
  let left = problem;
  for (const cell of cells.keys()) {
    const without = { ...left, events: left.events.flatMap((event) => withoutCell(event, cell)) };
    if (without.events.length > 0 && isContradiction(without, budget)) left = without;
  }
  return left;
}

function withoutCell(event: PartitionEvent, cell: number): PartitionEvent[] {
  if (!event.steps.some((step) => step.cell === cell)) return [event];
  const steps = event.steps.filter((step) => step.cell !== cell);
  return steps.length === 0 ? [] : [{ ...event, steps, pure: steps.every(isPure) }];
}

interface Budget {
  left: number;
}

/** Events to be explained from any one of several initial states. */
interface Problem {
  readonly starts: readonly Partition[];
  readonly events: readonly PartitionEvent[];
}

function whole(events: readonly PartitionEvent[], partition: Partition): Problem {
  return { starts: [partition], events };
}

/** What was under way when the last events began may have happened already, in the states that they start from. */
function last(size: number, considered: readonly PartitionEvent[], partition: Partition, failed: Search): Problem {
  const begin = considered.at(-size)?.invoked ?? 0;
  const events = considered.filter((event) => event.completed >= begin);
  const starts = failed.states.all.map((values) => ({
    ...partition,
    cells: partition.cells.map((cell, i) => ({ ...cell, initial: values[i] })),
  }));
  return { starts, events: relaxed(events, new Set(events.filter((event) => event.invoked < begin))) };
}

function isContradiction({ starts, events }: Problem, budget: Budget): boolean {
  return starts.every((start) => {
    const search = new Search({ ...start, events });
    const outcome = search.run(Math.ceil(budget.left / 4));
    budget.left -= search.taken;
    return outcome === false;
  });
}

/**
 * Reads go first, since what was done tells more than what was seen of it. What is contradictory stays so when more is
 * required, so one pass over each kind is enough.
 */
function smallest(problem: Problem, budget: Budget): PartitionEvent[] {
  const withoutReads = thinned(problem, budget, (event) => event.pure);
  const { events } = thinned(withoutReads, budget, (event) => !event.pure);
  return events.filter((event) => event.required);
}

/**
 * Large parts are tried first, then single events (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing
 * Input, 2002), from the earliest on: what came just before the obstacle shows it best.
 */
function thinned(problem: Problem, budget: Budget, isKind: (event: PartitionEvent) => boolean): Problem {
  let left = problem;
  for (let size = problem.events.length; size > 0; size >>>= 1) {
    const kind = left.events.filter((event) => event.required && isKind(event));
    for (const part of parts(kind, size)) {
      const without = { ...left, events: relaxed(left.events, new Set(part)) };
      if (isContradiction(without, budget)) left = without;
    }
  }
  return left;
}

function parts<T>(events: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < events.length; start += size) result.push(events.slice(start, start + size));
  return result;
}

function relaxed(events: readonly PartitionEvent[], targets: ReadonlySet<PartitionEvent>): PartitionEvent[] {
  return events
    .filter((event) => !targets.has(event) || !event.pure)
    .map((event) => (targets.has(event) ? optional(event) : event));
}

const writesByResult: ReadonlySet<string> = new Set(["update", "compareAndSet"]);

/** What it read is no longer asked for, unless that says whether or what it wrote. */
function optional(event: PartitionEvent): PartitionEvent {
  const steps = event.steps.map((step) =>
    writesByResult.has(step.operation.name) ? step : { ...step, judged: false },
  );
  return { ...event, required: false, steps };
}
