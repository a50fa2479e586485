import { checkConvergence } from "../checkers/convergence/checker.js";
import { checkLinearizable } from "../checkers/linearizable/checker.js";
import { compareText } from "../data/values.js";
import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import type { Domain } from "../deployment/simulated/domain.js";
import type { Anomaly, History, HistoryEvent, Verdict } from "../history/history.js";
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

/**
 * Linearizable's promise, per object; objects that a transaction joins count as one. Between domains nothing is promised:
 * a transaction over two of them is an event of each.
 */
export function judgeLinearizability(deployment: SimulatedDeployment, recorder: Recorder): Linearizability {
  let undecided: string | undefined;
  for (const domain of deployment.domains.values()) {
    if (domain.level !== "linearizable") continue;
    const verdict = checkLinearizable(historyOf(domain, recorder));
    if (verdict.outcome === "invalid") return { finding: violated(verdict.anomalies[0], domain, recorder), undecided };
    if (verdict.outcome === "unknown") undecided ??= verdict.reason;
  }
  return { finding: undefined, undecided };
}

interface Linearizability {
  readonly finding: Finding | undefined;
  /** Why nothing can be said of some domain, if so. */
  readonly undecided: string | undefined;
}

function violated(anomaly: Anomaly | undefined, domain: Domain, recorder: Recorder): Finding {
  const events = recorder.events.filter((event) => anomaly?.events.includes(event.id));
  const labels = events.flatMap((event) => event.operations.map(({ cell }) => domain.cells.get(cell)?.label ?? []));
  return finding("guarantee", "linearizable", anomaly?.message ?? "The history is not linearizable.", {
    anomaly: anomaly?.name,
    events: anomaly?.events ?? [],
    cells: [...new Set(labels.flat())],
    advice: overclaim(domain),
  });
}

function historyOf(domain: Domain, recorder: Recorder): History {
  const events: HistoryEvent[] = [];
  for (const event of recorder.events) {
    if (event.status === "fail") continue;
    const operations = event.operations.filter((o) => o.level === "linearizable" && domain.cells.has(o.cell));
    if (operations.length > 0)
      events.push(operations.length === event.operations.length ? event : { ...event, operations });
  }
  const cells = [...domain.cells.values()].map(({ key, label, type, level, options }) => ({
    key,
    label,
    type: type.name,
    level,
    domain: domain.name,
    initial: type.initial(options),
  }));
  return { version: 1, cells, events };
}

export function liveMachines(domain: Domain): readonly Machine<unknown>[] {
  return domain.machines.filter((machine) => machine !== undefined);
}
