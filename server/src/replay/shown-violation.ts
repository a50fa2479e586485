import type { Violation } from "../../../runtime/src/explore/report.js";
import type { TracedSchedule } from "../simulate/trace-schedule.js";

/** What a schedule is shown for: what it was made smaller for, else what it violates first. */
export function shownViolation({ violations, shrinking }: TracedSchedule): Violation | undefined {
  const { kind, name, anomaly } = shrinking?.violation ?? {};
  const isIt = (each: Violation) => each.kind === kind && each.name === name && each.anomaly === anomaly;
  return violations.find(isIt) ?? violations[0];
}
