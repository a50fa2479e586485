import type { SimulateOutcome, SimulateRun } from "../../server/src/protocol.js";

export interface OutcomeMessage {
  readonly severity: "warning" | "information";
  readonly text: string;
}

/** One line on how a simulation went: the worst that happened decides. Undefined if it was cancelled. */
export function outcomeMessage({ document, cancelled }: SimulateOutcome): OutcomeMessage | undefined {
  if (cancelled) return undefined;
  const violated = document.runs.filter((run) => run.outcome === "violated");
  if (violated.length > 0) return { severity: "warning", text: violated.flatMap(violations).join(" ") };
  const unknown = document.runs.filter((run) => run.outcome === "unknown");
  if (unknown.length > 0) {
    const reasons = unknown.map((run) => `${scenarioOf(run)}: unknown. ${run.reason ?? ""}`.trim());
    return { severity: "information", text: reasons.join(" ") };
  }
  const held = document.runs.map((run) => `${scenarioOf(run)} holds in ${count(run.schedules)} schedules.`);
  return { severity: "information", text: held.join(" ") };
}

function violations(run: SimulateRun): readonly string[] {
  return run.violations.map(
    (violation) => `${violation.name}: violated in ${count(violation.count)} of ${count(run.schedules)} schedules.`,
  );
}

function scenarioOf({ target }: SimulateRun): string {
  return target.slice(target.lastIndexOf("#") + 1);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
