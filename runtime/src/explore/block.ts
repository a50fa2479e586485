import { shorten } from "../data/values.js";
import { judgeMergeLaws } from "./judges/merge-laws.js";
import type { Run } from "./schedule.js";
import { Statistics } from "./statistics.js";
import { Tally, type TallyData, type ViolationCount } from "./tally.js";
import { messageOf } from "./thrown.js";
import { type Finding, violationOf } from "./violation.js";

/**
 * So many schedules of a block look at whether a merge is lawful: those that follow hardly bring values of another kind,
 * and the next block looks again.
 */
const mergeLawLooks = 3;

/** The schedules of one block, as they are run. */
export class Block {
  private readonly tally = new Tally();
  private readonly statistics = new Statistics();
  private readonly merges = new Map<string, Merge>();

  get violated(): number {
    return this.tally.violated;
  }

  /** A schedule never ended; the next ones would not either. */
  get isStuck(): boolean {
    return this.tally.isStuck;
  }

  add(run: Run): void {
    const violations = run.findings.map((found) => counted(found, run));
    this.statistics.add(run.calls, shown);
    this.tally.merge({
      schedules: 1,
      violated: this.brokenLaws(run) + violations.length > 0 ? 1 : 0,
      vacuous: run.vacuous === undefined ? 0 : 1,
      vacuity: run.vacuous ?? null,
      unknown: run.unknown === undefined ? null : `${run.unknown.reason} Seed ${run.seed}.`,
      isStuck: run.unknown?.isStuck === true,
      simulatedUs: run.simulatedUs,
      operations: [],
      figures: run.figures,
      faultsFired: [...run.faultsFired],
      judgements: [...run.judgements],
      violations,
      mergedFields: [],
      measurements: run.measurements,
    });
  }

  get data(): TallyData {
    const mergedFields = [...this.merges].map(([label, { schedules, unlawful }]) => ({ label, schedules, unlawful }));
    return { ...this.tally.data, operations: this.statistics.counts, mergedFields };
  }

  /** How many laws the merges of this schedule are known to break. */
  private brokenLaws(run: Run): number {
    let broken = 0;
    for (const field of run.mergedFields) {
      const merge = this.merges.get(field.label) ?? { schedules: 0, looks: 0, unlawful: [] };
      this.merges.set(field.label, merge);
      merge.schedules++;
      if (merge.unlawful.length === 0 && merge.looks < mergeLawLooks && field.values.length > 1) {
        merge.looks++;
        merge.unlawful = judgeMergeLaws(field, run.seed).map((found) => counted(found, run));
      }
      broken += merge.unlawful.length;
    }
    return broken;
  }
}

interface Merge {
  schedules: number;
  looks: number;
  unlawful: readonly ViolationCount[];
}

const counted = (found: Finding, { seed, digest }: Run): ViolationCount => ({
  violation: violationOf(found, { seed, count: 1 }),
  digest,
});

const shown = (error: unknown): string => shorten(messageOf(error), 300);
