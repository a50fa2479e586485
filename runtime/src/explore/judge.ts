import { checkLinearizable } from "../checkers/linearizable/checker.js";
import { compareText } from "../data/values.js";
import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import type { Domain } from "../deployment/simulated/domain.js";
import type { History, HistoryEvent } from "../history/history.js";
import type { Machine } from "../mechanisms/machine.js";
import type { Recorder } from "./recorder.js";
import { type Finding, finding } from "./violation.js";

/** Eventual's own promise: at quiescence all replicas of a domain show the same. Level none promises nothing. */
export function judgeConvergence(deployment: SimulatedDeployment): readonly Finding[] {
  const findings: Finding[] = [];
  for (const domain of deployment.domains.values()) {
    if (domain.level === "none") continue;
    const machines = liveMachines(domain);
    const [first, ...others] = machines.map((machine) => machine.digest());
    if (others.every((digest) => digest === first)) continue;
    for (const cell of [...domain.cells.values()].sort((a, b) => compareText(a.key, b.key))) {
      const states = machines.map((machine) => machine.peek(cell.key));
      const encoded = states.map((state) => cell.type.encode(state));
      if (encoded.every((text) => text === encoded[0])) continue;
      const shown = states.map(
        (state, replica) => `${deployment.world.regionOf(replica)} ${cell.type.describe(state)}`,
      );
      const message = `After all faults are healed and nothing is in flight, replicas of \`${cell.label}\` (${cell.level}) differ: ${shown.join(", ")}.`;
      findings.push(
        finding("divergence", `${cell.label} converges`, message, { anomaly: "divergence", cells: [cell.label] }),
      );
    }
  }
  return findings;
}

/** No acknowledged operation is lost: at quiescence it is in every replica's applied set. */
export function judgeLoss(deployment: SimulatedDeployment, recorder: Recorder): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { operationId, cell, event } of recorder.acknowledged) {
    if (cell.level === "none") continue;
    const domain = deployment.domain(cell.domain);
    const missing = liveMachines(domain).findIndex((machine) => !machine.has(operationId));
    if (missing < 0) continue;
    const at = ((event.completedUs ?? event.invokedUs) / 1_000_000).toFixed(3);
    const message = `A write to \`${cell.label}\` was acknowledged in ${event.region} at ${at} s and is missing in ${deployment.world.regionOf(missing)} after everything has settled.`;
    findings.push(
      finding("divergence", `no acknowledged write to ${cell.label} is lost`, message, {
        anomaly: "lost-write",
        cells: [cell.label],
        events: [event.id],
      }),
    );
  }
  return findings;
}

/** Linearizable's promise, per object; objects that a transaction joins count as one. */
export function judgeLinearizability(
  deployment: SimulatedDeployment,
  recorder: Recorder,
): Finding | { readonly unknown: string } | undefined {
  const history = linearizableHistory(deployment, recorder);
  if (history.events.length === 0) return undefined;
  const verdict = checkLinearizable(history);
  if (verdict.outcome === "valid") return undefined;
  if (verdict.outcome === "unknown") return { unknown: verdict.reason };
  const [anomaly] = verdict.anomalies;
  const events = recorder.events.filter((event) => anomaly?.events.includes(event.id));
  const keys = new Set(events.flatMap((event) => event.operations.map((operation) => operation.cell)));
  return finding("guarantee", "linearizable", anomaly?.message ?? "The history is not linearizable.", {
    anomaly: anomaly?.name,
    events: anomaly?.events ?? [],
    cells: [...keys].map((key) => deployment.cells.get(key)?.label ?? key),
  });
}

function linearizableHistory(deployment: SimulatedDeployment, recorder: Recorder): History {
  const cells = [...deployment.cells.values()].filter((cell) => cell.level === "linearizable");
  const keys = new Set(cells.map((cell) => cell.key));
  const events: HistoryEvent[] = [];
  if (cells.length > 0)
    for (const event of recorder.events) {
      if (event.status === "fail") continue;
      const operations = event.operations.filter((o) => o.level === "linearizable" && keys.has(o.cell));
      if (operations.length > 0)
        events.push(operations.length === event.operations.length ? event : { ...event, operations });
    }
  return {
    version: 1,
    cells: cells.map(({ key, label, type, level, domain, options }) => ({
      key,
      label,
      type: type.name,
      level,
      domain,
      initial: type.initial(options),
    })),
    events,
  };
}

export function liveMachines(domain: Domain): readonly Machine<unknown>[] {
  return domain.machines.filter((machine) => machine !== undefined);
}
