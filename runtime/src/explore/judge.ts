import { checkConvergence } from "../checkers/convergence/checker.js";
import { checkLinearizable } from "../checkers/linearizable/checker.js";
import { compareText } from "../data/values.js";
import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import type { Domain } from "../deployment/simulated/domain.js";
import type { History, HistoryEvent, Verdict } from "../history/history.js";
import { isAtLeast, type Level } from "../levels.js";
import type { Machine } from "../mechanisms/machine.js";
import type { Recorder } from "./recorder.js";
import { type Finding, finding } from "./violation.js";

/**
 * Eventual's own promise, at quiescence: all replicas of a domain show the same, and no acknowledged operation is missing
 * from any of them. Level none promises neither. What is in order is seen at a glance; the checker words what is not.
 */
export function judgeConvergence(deployment: SimulatedDeployment, recorder: Recorder): readonly Finding[] {
  return [...deployment.domains.values()]
    .filter((domain) => domain.level !== "none")
    .flatMap((domain) => [...divergences(domain, deployment), ...losses(domain, deployment, recorder)]);
}

function divergences(domain: Domain, deployment: SimulatedDeployment): readonly Finding[] {
  const machines = liveMachines(domain);
  const [first, ...others] = machines.map((machine) => machine.digest());
  if (others.every((digest) => digest === first)) return [];
  const cells = [...domain.cells.values()].sort((a, b) => compareText(a.key, b.key));
  return cells.flatMap(({ key, label, level, type }) => {
    const values = machines.map((machine, replica) => {
      const state = machine.peek(key);
      const value = { encoded: type.encode(state), described: type.describe(state) };
      return [replicaName(replica, deployment), value] as const;
    });
    const replicas = new Map(values);
    const verdict = checkConvergence({
      regions: [...replicas.keys()],
      cells: [{ label, level, replicas }],
      acknowledged: [],
      applied: () => true,
    });
    return promised(verdict, `${label} converges`, label, domain);
  });
}

function losses(domain: Domain, deployment: SimulatedDeployment, recorder: Recorder): readonly Finding[] {
  const machines = liveMachines(domain);
  const names = machines.map((_, replica) => replicaName(replica, deployment));
  const missing = recorder.acknowledged.filter(
    ({ operationId, cell }) => cell.domain === domain.name && !machines.every((machine) => machine.has(operationId)),
  );
  return missing.flatMap(({ operationId, cell: { label, level }, event }) => {
    const operation = {
      id: operationId,
      event: event.id,
      label,
      level,
      domain: domain.name,
      description: event.operations.map(({ operation }) => operation.name).join(", "),
      region: event.region,
      atUs: event.completedUs ?? event.invokedUs,
    };
    const applied = (name: string) => machines[names.indexOf(name)]?.has(operationId) ?? false;
    const verdict = checkConvergence({ regions: names, cells: [], acknowledged: [operation], applied });
    return promised(verdict, `no acknowledged write to ${label} is lost`, label, domain);
  });
}

function promised(verdict: Verdict, name: string, label: string, domain: Domain): readonly Finding[] {
  if (verdict.outcome !== "invalid") return [];
  return verdict.anomalies.map((anomaly) =>
    finding("divergence", name, anomaly.message, {
      anomaly: anomaly.name,
      cells: [label],
      events: anomaly.events,
      advice: overclaim(domain),
    }),
  );
}

/** The usual reason why a level's own promise breaks: it was asked of a mechanism that does not give it. */
function overclaim({ mechanism, level, options }: Domain): Finding["advice"] {
  const claimed = mechanism.claims(options);
  if (isAtLeast(claimed, level)) return undefined;
  return {
    why: `\`${mechanism.id}()\` provides ${claimed}; the cell asks for ${level}.`,
    remedies: [
      "leave the `mechanism` option out",
      `declare \`@${decoratorOf(claimed)}()\` and let the code live with it`,
    ],
  };
}

function decoratorOf(level: Level): string {
  return level === "none" ? "NoConsistency" : level.charAt(0).toUpperCase() + level.slice(1);
}

/** `nyc`; further replicas of a region are numbered. */
function replicaName(replica: number, { world }: SimulatedDeployment): string {
  const round = Math.floor(replica / world.regions.length);
  return round === 0 ? world.regionOf(replica) : `${world.regionOf(replica)} #${round + 1}`;
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
    advice: [...deployment.domains.values()]
      .filter((domain) => [...keys].some((key) => domain.cells.has(key)))
      .map(overclaim)
      .find((advice) => advice !== undefined),
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
