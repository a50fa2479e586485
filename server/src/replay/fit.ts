import type { Violation } from "../../../runtime/src/explore/report.js";
import type { TracedSchedule } from "../simulate/trace-schedule.js";
import type { Step } from "./course.js";
import { describeParting, partingOf } from "./parting.js";
import type { SavedTrace } from "./saved-trace.js";

/** How a saved schedule went this time. */
export type Fit =
  /** As it was recorded; only how it is judged may have changed. */
  | { readonly kind: "same"; readonly isJudgedAlike: boolean }
  /** Otherwise, and yet it comes to the same. */
  | { readonly kind: "differs"; readonly at: string }
  /** It shows nothing of what it was saved for. */
  | { readonly kind: "parted"; readonly at: string };

export function fitOf(saved: SavedTrace, traced: TracedSchedule, course: readonly Step[]): Fit {
  const isJudgedAlike =
    saved.violation === null ? traced.violations.length === 0 : shownFirst(traced, saved) !== undefined;
  const parting = partingOf(saved.course, course);
  if (parting === undefined) return { kind: "same", isJudgedAlike };
  return { kind: isJudgedAlike ? "differs" : "parted", at: describeParting(parting) };
}

/** What the schedule was saved for is told first. */
export function inOrder(traced: TracedSchedule, saved: SavedTrace): TracedSchedule {
  const first = shownFirst(traced, saved);
  if (first === undefined) return traced;
  return { ...traced, violations: [first, ...traced.violations.filter((each) => each !== first)] };
}

const shownFirst = ({ violations }: TracedSchedule, { violation }: SavedTrace): Violation | undefined =>
  violations.find(
    ({ kind, name, anomaly }) => kind === violation?.kind && name === violation.name && anomaly === violation.anomaly,
  );
