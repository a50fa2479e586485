import type { StopPoint } from "../../../runtime/src/host/protocol.js";
import type { EvaluatedFile } from "../simulate/list-scenarios.js";
import { whyItEnded } from "../simulate/reasons.js";
import type { Choice } from "../simulate/run-scenario.js";
import type { SourceLocation } from "../simulate/source-positions.js";
import type { TracedSchedule } from "../simulate/trace-schedule.js";
import { UnusableInputError } from "../simulate/unusable-input.js";
import { shownViolation } from "./shown-violation.js";

export interface DebugOptions {
  /** On 127.0.0.1; 0 is any that is free. */
  readonly port: number;
  /** The process waits for a debugger, and goes no further before one has attached. */
  readonly onReady: (ready: Debuggable) => void;
}

export interface Debuggable {
  /** `ws://127.0.0.1:40123/…` */
  readonly url: string;
  /** The operations at which it stops, in the order of their marks, or the line of what failed; none where nothing did. */
  readonly stops: readonly SourceLocation[];
}

/**
 * Runs the schedule once more, for a debugger, which stops where each operation that races is about to be invoked: in
 * the user's source, with virtual time standing still. Ends with the schedule.
 */
export async function debugSchedule(
  { bundle, children, limits, options }: EvaluatedFile,
  { choice, traced }: { readonly choice: Choice; readonly traced: TracedSchedule },
  { port, onReady }: DebugOptions,
): Promise<void> {
  const program = bundle.debuggable();
  const points = stopsOf(traced);
  const stops = points.map((point) => ({ ...program.siteOf(point), operation: point.operation }));
  const { seed, decisions } = traced;
  const end = await children.performDebugged(
    { kind: "trace", ...choice, seed, ...(decisions === undefined ? {} : { decisions }), stops },
    {
      ...program,
      port,
      onReady: (url) => onReady({ url, stops: points.flatMap((point) => traced.sourceOf(point) ?? []) }),
    },
  );
  if (end.kind === "cancelled" || (end.kind === "answered" && end.answer.kind === "traced")) return;
  const said = end.kind === "answered" && end.answer.kind === "refused" ? end.answer.message : undefined;
  const why = said ?? (end.kind === "answered" ? end.answer.kind : whyItEnded(end, limits, options.signal));
  throw new UnusableInputError(
    `The schedule could not be run for a debugger: ${bundle.positions.inText(why)}`,
    port === 0
      ? "Run it without --inspect to see what happens in it."
      : `See whether something else listens at port ${port}, or leave the port out for one that is free.`,
  );
}

/** Operations that race, by their ids, which are the same each time; else the line where it is judged, or was thrown. */
function stopsOf(traced: TracedSchedule): readonly StopPoint[] {
  const violation = shownViolation(traced);
  if (violation === undefined) return [];
  const sites = new Map(
    traced.trace.events.flatMap((event) => (event.kind === "operation" ? [[event.id, event.site] as const] : [])),
  );
  const racing = violation.racing.flatMap((operation) => {
    const site = sites.get(operation);
    return site === undefined ? [] : [{ line: site.line, column: site.column, operation }];
  });
  if (racing.length > 0) return racing;
  const { site } = violation;
  return site === null ? [] : [{ line: site.line, column: site.column }];
}
