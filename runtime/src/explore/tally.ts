import { type FigureCount, Figures } from "./figures.js";
import { addMeasurements, type Measurements, noMeasurements } from "./measurements.js";
import type { ExploreReport, Outcome, Violation } from "./report.js";
import { type OperationCount, Statistics } from "./statistics.js";

/**
 * So many schedules are explored together, in one process, counted from the first seed. As many learn from one another
 * where a strategy learns, whatever the first seed is: see `Guide`. So a run comes to the same however many processes
 * share it.
 */
export const blockSize = 50;

/**
 * What a block of schedules came to, as plain data, so that it can cross from one process to another. Blocks that are
 * put together in the order of their seeds give the same report wherever, and in whatever order, each of them ran.
 */
export interface TallyData {
  readonly schedules: number;
  /** Schedules in which something was violated. */
  readonly violated: number;
  readonly vacuous: number;
  /** Why the first vacuous schedule judged nothing. */
  readonly vacuity: string | null;
  /** Why some schedule could not be judged: the first one. */
  readonly unknown: string | null;
  /** A schedule never ended; the next ones would not either, and were not run. */
  readonly isStuck: boolean;
  readonly simulatedUs: number;
  readonly operations: readonly OperationCount[];
  readonly figures: readonly FigureCount[];
  readonly faultsFired: readonly (readonly [fault: string, count: number])[];
  /** By name of a check or a `converged` predicate, whether it was judged at all. */
  readonly judgements: readonly (readonly [name: string, wasJudged: boolean])[];
  /** The first schedule that shows each, and how many do. */
  readonly violations: readonly ViolationCount[];
  readonly mergedFields: readonly MergedFieldCount[];
  /** Where levels were assigned. */
  readonly measurements?: Measurements | undefined;
}

export interface ViolationCount {
  readonly violation: Violation;
  /** Of the schedule that shows it. */
  readonly digest: string;
}

/** A merge is lawful or not whatever the schedule: what one found counts for all that have the field. */
export interface MergedFieldCount {
  readonly label: string;
  readonly schedules: number;
  readonly unlawful: readonly ViolationCount[];
}

/** Adds up schedules. */
export class Tally {
  isStuck = false;
  violated = 0;
  private schedules = 0;
  private vacuous = 0;
  private vacuity: string | null = null;
  private unknown: string | null = null;
  private simulatedUs = 0;
  private readonly statistics = new Statistics();
  private readonly figures = new Figures();
  private readonly faultsFired = new Map<string, number>();
  private readonly judgements = new Map<string, boolean>();
  private readonly violations = new Map<string, ViolationCount>();
  private readonly mergedFields = new Map<string, MergedFieldCount>();
  private measurements: Measurements | undefined;

  /** Adds schedules whose seeds come after all that have been added so far. */
  merge(other: TallyData): void {
    this.schedules += other.schedules;
    this.violated += other.violated;
    this.vacuous += other.vacuous;
    this.vacuity ??= other.vacuity;
    this.unknown ??= other.unknown;
    this.isStuck ||= other.isStuck;
    this.simulatedUs += other.simulatedUs;
    this.statistics.merge(other.operations);
    this.figures.merge(other.figures);
    for (const [fault, count] of other.faultsFired)
      this.faultsFired.set(fault, (this.faultsFired.get(fault) ?? 0) + count);
    for (const [name, wasJudged] of other.judgements)
      this.judgements.set(name, wasJudged || this.judgements.get(name) === true);
    for (const found of other.violations) this.addViolation(found);
    for (const field of other.mergedFields) this.addField(field);
    if (other.measurements !== undefined)
      this.measurements = addMeasurements(this.measurements ?? noMeasurements, other.measurements);
  }

  get data(): TallyData {
    const { schedules, violated, vacuous, vacuity, unknown, isStuck, simulatedUs } = this;
    return {
      schedules,
      violated,
      vacuous,
      vacuity,
      unknown,
      isStuck,
      simulatedUs,
      operations: this.statistics.counts,
      figures: this.figures.counts,
      faultsFired: [...this.faultsFired],
      judgements: [...this.judgements],
      violations: [...this.violations.values()],
      mergedFields: [...this.mergedFields.values()],
      measurements: this.measurements,
    };
  }

  report({ target, seed }: { readonly target: string; readonly seed: number }): ExploreReport {
    const reason = this.reason();
    const figures = this.figures.summary;
    const violations = this.found.map(({ violation }) => violation);
    const outcome: Outcome = violations.length > 0 ? "violated" : reason === null ? "holds" : "unknown";
    return {
      target,
      seed,
      schedules: this.schedules,
      vacuous: this.vacuous,
      outcome,
      reason: outcome === "unknown" ? reason : null,
      violations,
      operations: this.statistics.summary,
      faultsFired: Object.fromEntries([...this.faultsFired].sort(([a], [b]) => (a < b ? -1 : 1))),
      simulatedMs: Math.round(this.simulatedUs / 1000),
      ...(figures.length === 0 ? {} : { figures }),
      ...(this.measurements === undefined ? {} : { measurements: this.measurements }),
    };
  }

  /** Of the first schedule that shows each violation, by seed. */
  get digests(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.found.map(({ violation, digest }) => [String(violation.seed), digest]));
  }

  /** By the seeds that show them. */
  private get found(): readonly ViolationCount[] {
    const unlawful = [...this.mergedFields.values()].flatMap((field) =>
      field.unlawful.map((found) => withCount(found, field.schedules)),
    );
    return [...this.violations.values(), ...unlawful].sort((a, b) => a.violation.seed - b.violation.seed);
  }

  private addViolation(found: ViolationCount): void {
    const key = `${found.violation.kind} ${found.violation.name}`;
    const known = this.violations.get(key);
    this.violations.set(
      key,
      known === undefined ? found : withCount(known, known.violation.count + found.violation.count),
    );
  }

  private addField({ label, schedules, unlawful }: MergedFieldCount): void {
    const known = this.mergedFields.get(label);
    this.mergedFields.set(label, {
      label,
      schedules: (known?.schedules ?? 0) + schedules,
      unlawful: known === undefined || known.unlawful.length === 0 ? unlawful : known.unlawful,
    });
  }

  private reason(): string | null {
    if (this.unknown !== null) return this.unknown;
    if (this.schedules === 0) return "No schedule was run.";
    const never = this.statistics.neverSucceeded;
    if (never.length > 0) {
      const names = never.map(({ name }) => `\`${name}\``).join(", ");
      const errors = never.flatMap(({ name, lastError }) => (lastError === null ? [] : [`\`${name}\`: ${lastError}`]));
      const last = errors.length === 0 ? "" : ` The last errors: ${errors.join("; ")}`;
      return `${names} never succeeded in any schedule: that was not tested.${last}`;
    }
    if (this.vacuous === this.schedules) return `Every schedule was vacuous: ${this.vacuity}`;
    const open = [...this.judgements].filter(([, wasJudged]) => !wasJudged).map(([name]) => `"${name}"`);
    if (open.length > 0)
      return `${open.join(", ")} could be judged in no schedule: each time an operation in it was refused.`;
    return null;
  }
}

const withCount = ({ violation, digest }: ViolationCount, count: number): ViolationCount => ({
  violation: { ...violation, count },
  digest,
});
