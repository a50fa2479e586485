import { performance } from "node:perf_hooks";
import { type Measurements, noMeasurements, percentileOf } from "../../../runtime/src/explore/measurements.js";
import type { ExploreReport } from "../../../runtime/src/explore/report.js";
import { blockSize, Tally, type TallyData } from "../../../runtime/src/explore/tally.js";
import type { LevelAssignment } from "../../../runtime/src/levels.js";
import type { BlockRange } from "./exploration.js";
import type { EvaluatedFile } from "./list-scenarios.js";
import type { Choice } from "./run-scenario.js";
import type { RemedyTrial, SimulateViolation } from "./simulate.js";
import { evidenceFor, type TracedSchedule } from "./trace-schedule.js";

/** So many schedules say of a remedy whether it is one. */
const mostSchedules = 200;
/** Of more violations than these nobody reads what to do before the first is dealt with. */
const mostViolations = 3;
const mostTrials = 6;
/** All trials of a run together take so much virtual time: no clock decides, so that a report is the same everywhere. */
const virtualMs = 6_000_000;
/** Where they take far longer all the same, as user code does, what is not known by then is left out. */
const patienceMs = 60_000;
const deadlineMs = 10_000;

interface Explored {
  readonly report: ExploreReport;
  readonly blocks: readonly BlockRange[];
  readonly traced: readonly TracedSchedule[];
  readonly violations: readonly SimulateViolation[];
  readonly onProgress: (done: number, total: number) => void;
}

/** The violations with what became of each remedy that can be tried: the same seeds, run again with what it changes. */
export async function tryRemedies(
  evaluated: EvaluatedFile,
  choice: Choice,
  explored: Explored,
): Promise<readonly SimulateViolation[]> {
  const asked = proposals(explored);
  if (asked.length === 0 || evaluated.options.signal?.aborted === true) return explored.violations;
  const trials = new Trials(evaluated, choice, explored, asked);
  await trials.run();
  return explored.violations.map((violation, index) => {
    const own = asked.filter((each) => each.violation === index);
    if (own.length === 0) return violation;
    const remedies = violation.remedies.map((remedy, place) => {
      const proposal = own.find((each) => each.remedy === place);
      return proposal === undefined ? remedy : { ...remedy, tried: trials.of(proposal, violation) };
    });
    return { ...violation, remedies };
  });
}

/** A remedy by the places of its violation and itself. */
interface Proposal {
  readonly violation: number;
  readonly remedy: number;
  readonly seed: number;
  readonly levels: LevelAssignment;
}

function proposals({ violations, traced, report }: Explored): readonly Proposal[] {
  // What one schedule says of others is nothing.
  if (report.schedules < 2) return [];
  const told = violations.slice(0, mostViolations).flatMap((violation, index) => {
    const changes = evidenceFor(violation, traced)?.violation.changes ?? [];
    return changes.flatMap((levels, remedy) =>
      levels === null ? [] : [{ violation: index, remedy, seed: violation.seed, levels }],
    );
  });
  return told.slice(0, mostTrials);
}

/** Schedules that are run with one assignment of levels. */
interface Trial {
  readonly levels: LevelAssignment;
  readonly blocks: readonly BlockRange[];
  readonly tallies: (TallyData | undefined)[];
}

class Trials {
  private readonly trials = new Map<string, Trial>();
  private readonly perTrial: number;
  private done = 0;

  constructor(
    private readonly evaluated: EvaluatedFile,
    private readonly choice: Choice,
    private readonly explored: Explored,
    asked: readonly Proposal[],
  ) {
    const { report } = explored;
    // Beside each, the same schedules with nothing changed.
    const trials = new Set(asked.map(({ levels }) => JSON.stringify(levels))).size + 1;
    const affordable = (virtualMs * report.schedules) / Math.max(1, report.simulatedMs) / trials;
    this.perTrial = Math.min(mostSchedules, Math.max(blockSize, affordable));
    for (const { seed, levels } of asked) {
      this.trial(seed, {});
      this.trial(seed, levels);
    }
  }

  /** As many at a time as there are processes. */
  async run(): Promise<void> {
    const { children, options } = this.evaluated;
    const started = performance.now();
    const waiting = [...this.trials.values()].flatMap((trial) =>
      trial.blocks.map((block, index) => ({ trial, block, index })),
    );
    const total = waiting.reduce((sum, { block }) => sum + block.schedules, 0);
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (options.signal?.aborted === true || performance.now() - started > patienceMs) return;
        const { trial, block, index } = next;
        this.explored.onProgress(this.done, total);
        const { levels } = trial;
        const end = await children.perform({ kind: "explore", ...this.choice, ...block, levels }, { deadlineMs });
        if (end.kind === "answered" && end.answer.kind === "explored") trial.tallies[index] = end.answer.tally;
        this.done += block.schedules;
      }
    };
    await Promise.all(Array.from({ length: children.processes }, work));
  }

  /** What became of it; null where that is not known, or where it says nothing. */
  of({ seed, levels }: Proposal, { kind, name }: SimulateViolation): RemedyTrial | null {
    const before = reportOf(this.trial(seed, {}));
    const after = reportOf(this.trial(seed, levels));
    if (before === undefined || after === undefined || isSame(levels, before.measurements)) return null;
    const measured = after.measurements ?? noMeasurements;
    const isTold = after.outcome !== "unknown" && measured.misfits.length === 0;
    if (!isTold) return null;
    const count = ({ violations }: ExploreReport) =>
      violations.find((each) => each.kind === kind && each.name === name)?.count ?? 0;
    const known = new Set(before.violations.map((each) => each.name));
    return {
      schedules: after.schedules,
      before: count(before),
      violated: count(after),
      others: after.violations.flatMap((each) => (known.has(each.name) ? [] : [each.name])),
      addedP50Ms: difference(medianOf(before.measurements), medianOf(measured)),
      refused: Math.max(0, refusedIn(measured) - refusedIn(before.measurements)),
    };
  }

  private trial(seed: number, levels: LevelAssignment): Trial {
    const blocks = blocksFrom(this.explored.blocks, seed, this.perTrial);
    const key = `${blocks[0]?.seed} ${JSON.stringify(levels)}`;
    const known = this.trials.get(key) ?? { levels, blocks, tallies: [] };
    this.trials.set(key, known);
    return known;
  }
}

/** Whole blocks, as schedules learn from one another within them: that which shows the violation, and those beside it. */
function blocksFrom(blocks: readonly BlockRange[], seed: number, schedules: number): readonly BlockRange[] {
  const count = Math.max(1, Math.floor(schedules / blockSize));
  const holding = blocks.findIndex((block) => block.seed <= seed && seed < block.seed + block.schedules);
  const first = Math.max(0, Math.min(holding, blocks.length - count));
  return blocks.slice(first, first + count);
}

/** Undefined unless all of its schedules were run. */
function reportOf({ blocks, tallies }: Trial): ExploreReport | undefined {
  const tally = new Tally();
  for (const [index, { schedules }] of blocks.entries()) {
    const own = tallies[index];
    if (own === undefined || own.schedules < schedules) return undefined;
    tally.merge(own);
  }
  return tally.report({ target: "", seed: 0 });
}

/** The field has that level as it is; it is something else that is wrong. */
function isSame(levels: LevelAssignment, before: Measurements | undefined): boolean {
  return (before?.fields ?? []).some(({ field, annotated }) => levels[field] === annotated);
}

/** Of all that was answered, wherever, in tenths of a millisecond. */
function medianOf(measurements = noMeasurements): number | undefined {
  const latencies = measurements.regions.flatMap((region) => region.latencies);
  return percentileOf(
    [...latencies].sort(([a], [b]) => a - b),
    50,
  );
}

const difference = (before: number | undefined, after: number | undefined): number | null =>
  before === undefined || after === undefined ? null : (after - before) / 10;

const refusedIn = (measurements = noMeasurements): number =>
  measurements.regions.reduce((sum, { refused }) => sum + refused, 0);
