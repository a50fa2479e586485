import type { OperationEvent } from "../../simulation/trace.js";
import type { Decisions, ScheduleSize } from "../decisions.js";
import type { SimulationResult } from "../report.js";

/** How much there is to read: of a plan it is known; what a scenario's body did is in the trace. */
export function sizeOf(decisions: Decisions, { trace }: SimulationResult): ScheduleSize {
  const planned = sizeOfPlan(decisions);
  if (planned !== undefined) return planned;
  const judging = new Set<number>();
  const working = new Set<number>();
  const inside = (event: OperationEvent) => (event.judging ? judging : working).add(event.call ?? -1);
  for (const event of trace.events) if (event.kind === "operation") inside(event);
  const made = trace.events.filter((event) => {
    if (event.kind === "operation") return !event.setup && !event.judging && event.call === undefined;
    if (event.kind !== "call" || event.setup || event.parent !== undefined) return false;
    return working.has(event.id) || !judging.has(event.id);
  });
  return {
    operations: made.length,
    faults: trace.events.filter((event) => event.kind === "fault" && event.phase === "start").length,
    sessions: new Set(made.map((event) => ("session" in event ? event.session : -1))).size,
  };
}

export function sizeOfPlan({ plan, faults }: Decisions): ScheduleSize | undefined {
  if (plan === undefined) return undefined;
  const operations = plan.sessions.reduce((sum, { calls }) => sum + calls.length, 0);
  return { operations, faults: faults.length, sessions: plan.sessions.length };
}
