import type { Decisions } from "../../../runtime/src/explore/decisions.js";
import type { SimulationResult, Violation } from "../../../runtime/src/explore/report.js";
import type { ScheduleChoice } from "../../../runtime/src/host/protocol.js";
import type { Site } from "../../../runtime/src/simulation/trace.js";
import type { AfreshOptions } from "./children.js";
import type { EvaluatedFile } from "./list-scenarios.js";
import { whyItEnded } from "./reasons.js";
import type { Shrinking } from "./shrink-schedule.js";
import type { SimulateViolation } from "./simulate.js";
import type { SourcePositions } from "./source-positions.js";

/** One schedule with all that happened in it; sites are positions of the program. */
export interface TracedSchedule extends SimulationResult {
  /** By which it can be done again when the code draws otherwise. */
  readonly decisions: Decisions | undefined;
  /** If it was made smaller, for one violation. */
  readonly shrinking?: Shrinking;
  /** Why there is none that is smaller, where that was asked for. */
  readonly notShrunk?: string;
  readonly sourceOf: SourcePositions["sourceOf"];
}

/** Runs one schedule in a fresh process. Undefined when that was stopped meanwhile, which what `isLast` is not. */
export async function traceSchedule(
  { bundle: { positions }, children, limits, options }: EvaluatedFile,
  choice: ScheduleChoice,
  turn: Pick<AfreshOptions, "isUrgent" | "isLast"> = {},
): Promise<TracedSchedule | { readonly reason: string } | undefined> {
  const end = await children.performAfresh({ kind: "trace", ...choice }, turn);
  if (end.kind === "cancelled") return undefined;
  if (end.kind !== "answered") return { reason: positions.inText(whyItEnded(end, limits, options.signal)) };
  const { answer } = end;
  if (answer.kind !== "traced") {
    const said = answer.kind === "refused" ? answer.message : `the runtime answered ${answer.kind}`;
    return { reason: `The run broke off: ${positions.inText(said)}` };
  }
  return { ...answer.result, decisions: answer.decisions, sourceOf: (site) => positions.sourceOf(site) };
}

/** As documents have it. Exploring runs lean; the traced schedule knows the lines. */
export function mapped(
  violation: Violation,
  traced: readonly TracedSchedule[],
  positions: SourcePositions,
): SimulateViolation {
  const evidence = evidenceFor(violation, traced);
  const detailed = evidence?.violation ?? violation;
  const { kind, name, anomaly, expected, observed } = detailed;
  return {
    kind,
    name,
    anomaly,
    seed: violation.seed,
    count: violation.count,
    message: positions.inText(detailed.message),
    expected,
    observed,
    location: sourceOf(detailed.site, positions),
    related: detailed.related.flatMap(({ site, message }) => {
      const location = sourceOf(site, positions);
      return location === null ? [] : [{ ...location, message: positions.inText(message) }];
    }),
    shrunk: evidence?.result.shrinking?.after ?? null,
    remedies: detailed.remedies.map((text) => ({ text: positions.inText(text), tried: null })),
  };
}

/** The traced schedule that shows a violation, the one that was made smaller for it if there is one, and how it tells it. */
export function evidenceFor<T extends SimulationResult & Pick<TracedSchedule, "shrinking">>(
  { kind, name, seed }: { readonly kind: string; readonly name: string; readonly seed: number },
  traced: readonly T[],
): { readonly result: T; readonly violation: Violation } | undefined {
  const isIt = (other: { readonly kind: string; readonly name: string }) => other.kind === kind && other.name === name;
  const ofSeed = traced.filter((each) => each.seed === seed);
  const result =
    ofSeed.find(({ shrinking }) => shrinking !== undefined && isIt(shrinking.violation)) ??
    ofSeed.find(({ shrinking }) => shrinking === undefined);
  const violation = result?.violations.find(isIt);
  return result === undefined || violation === undefined ? undefined : { result, violation };
}

const sourceOf = (site: Site | null, positions: SourcePositions) => (site === null ? null : positions.sourceOf(site));
