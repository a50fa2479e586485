import { checkConvergence } from "../../checkers/convergence/checker.js";
import type { Operation } from "../../data/data-type.js";
import { describeState } from "../../data/describe-state.js";
import { compareText, describeValue } from "../../data/values.js";
import type { Cell } from "../../deployment/deployment.js";
import type { SimulatedDeployment } from "../../deployment/simulated/deployment.js";
import type { Domain } from "../../deployment/simulated/domain.js";
import type { Fault } from "../../faults/index.js";
import type { Verdict } from "../../history/history.js";
import { type Level, strongest } from "../../levels.js";
import { type Finding, finding } from "../violation.js";
import { adviceFor } from "./advice.js";
import { type Judged, liveMachines } from "./judged.js";

/**
 * Eventual's own promise, at quiescence: all replicas of a domain show the same, and no acknowledged operation is missing
 * from any of them. Level none promises neither, but a cell that runs at none in place of its annotation is meant to be
 * shared: `compare` has to see what the code would lose. What is in order is seen at a glance; the checker words what is not.
 */
export function judgeConvergence(judged: Judged): readonly Finding[] {
  return [...judged.deployment.domains.values()]
    .filter((domain) => domain.level !== "none" || [...domain.cells.values()].some(isShared))
    .flatMap((domain) => [...divergences(domain, judged), ...losses(domain, judged)]);
}

const isShared = ({ level, annotated = level }: Cell): boolean => strongest(level, annotated) !== "none";

/** What is judged is eventual's promise, at whatever level above it the cell is. */
const judgedLevel = (cell: Cell): Level => (isShared(cell) ? strongest(cell.level, "eventual") : "none");

function divergences(domain: Domain, judged: Judged): readonly Finding[] {
  const machines = liveMachines(domain);
  const [first, ...others] = machines.map((machine) => machine.digest());
  if (others.every((digest) => digest === first)) return [];
  const cells = [...domain.cells.values()].sort((a, b) => compareText(a.key, b.key));
  return cells.flatMap((cell) => {
    const { key, label, type } = cell;
    const level = judgedLevel(cell);
    const values = machines.map((machine, replica) => {
      const state = machine.peek(key);
      const value = { encoded: type.encode(state), described: describeState(type, state) };
      return [replicaName(replica, judged.deployment), value] as const;
    });
    const replicas = new Map(values);
    const verdict = checkConvergence({
      regions: [...replicas.keys()],
      cells: [{ label, level, replicas }],
      acknowledged: [],
      applied: () => true,
    });
    return promised(verdict, `${label} converges`, label, domain, judged.faults);
  });
}

function losses(domain: Domain, { deployment, recorder, faults }: Judged): readonly Finding[] {
  const machines = liveMachines(domain);
  const names = machines.map((_, replica) => replicaName(replica, deployment));
  const missing = recorder.acknowledged.filter(
    ({ operationId, cell }) => cell.domain === domain.name && !machines.every((machine) => machine.has(operationId)),
  );
  return missing.flatMap(({ operationId, cell, event }) => {
    const { label } = cell;
    const level = judgedLevel(cell);
    const operation = {
      id: operationId,
      event: event.id,
      label,
      level,
      domain: domain.name,
      description: event.operations.map(({ operation }) => described(operation)).join(", "),
      region: event.region,
      atUs: event.completedUs ?? event.invokedUs,
    };
    const applied = (name: string) => machines[names.indexOf(name)]?.has(operationId) ?? false;
    const verdict = checkConvergence({ regions: names, cells: [], acknowledged: [operation], applied });
    return promised(verdict, `no acknowledged write to ${label} is lost`, label, domain, faults);
  });
}

function promised(
  verdict: Verdict,
  name: string,
  label: string,
  domain: Domain,
  faults: readonly Fault[],
): readonly Finding[] {
  if (verdict.outcome !== "invalid") return [];
  return verdict.anomalies.map((anomaly) =>
    finding("divergence", name, anomaly.message, {
      anomaly: anomaly.name,
      cells: [label],
      events: anomaly.events,
      domain: domain.name,
      advice: adviceFor(domain, [label], faults),
    }),
  );
}

/** `append "found it"` */
function described({ name, args }: Operation): string {
  return [name, args.map((arg) => describeValue(arg)).join(", ")].join(" ").trimEnd();
}

/** `nyc`; further replicas of a region are numbered. */
function replicaName(replica: number, { world }: SimulatedDeployment): string {
  const round = Math.floor(replica / world.regions.length);
  return round === 0 ? world.regionOf(replica) : `${world.regionOf(replica)} #${round + 1}`;
}
