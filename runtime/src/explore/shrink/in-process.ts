import type { Decisions } from "../decisions.js";
import type { InProcessViolation, ShrunkSchedule } from "../in-process-report.js";
import type { Violation } from "../report.js";
import type { WorkloadShape } from "../workload/shape.js";
import { shrink } from "./shrink.js";
import type { TrialOptions } from "./trials.js";

/** Tries, and not a time: a report is the same wherever it is made. */
export const usualTries = 300;

/** What `explore` and `holds` find, made smaller one after the other until the tries for all of them are used up. */
export class Shrinking {
  constructor(
    private readonly options: Omit<TrialOptions, "violation" | "attempts">,
    private readonly workload: WorkloadShape | undefined,
    private tries: number,
  ) {}

  async of(violation: Violation, decisions: Decisions | undefined): Promise<InProcessViolation> {
    if (this.tries === 0 || decisions === undefined) return violation;
    try {
      return { ...violation, shrunk: await this.shrunk(violation, decisions) };
    } catch (error) {
      if (error instanceof RangeError) return { ...violation, notShrunk: error.message };
      throw error;
    }
  }

  private async shrunk({ kind, name }: Violation, decisions: Decisions): Promise<ShrunkSchedule> {
    const { options, workload, tries: attempts } = this;
    const violation = { kind, name };
    const shrunk = await shrink({ ...options, workload, decisions, violation, attempts, isThorough: false });
    this.tries = Math.max(0, this.tries - shrunk.attempts);
    return shrunk;
  }
}
