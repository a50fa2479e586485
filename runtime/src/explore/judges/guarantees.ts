import { checkCausal } from "../../checkers/causal/checker.js";
import { checkLinearizable } from "../../checkers/linearizable/checker.js";
import { checkSequential } from "../../checkers/sequential/checker.js";
import type { Domain } from "../../deployment/simulated/domain.js";
import type { Anomaly, History, HistoryEvent, HistoryMutation, Verdict } from "../../history/history.js";
import { isAtLeast, type Level } from "../../levels.js";
import type { Draft } from "../record.js";
import { type Finding, finding } from "../violation.js";
import { adviceFor } from "./advice.js";
import { type Judged, liveMachines } from "./judged.js";

export interface Guarantees {
  readonly findings: readonly Finding[];
  /** Why nothing can be said of some domain, if so. */
  readonly undecided: string | undefined;
}

type GuaranteedLevel = "causal" | "sequential" | "linearizable";

/**
 * Evidence decides nearly every schedule in linear time. Where it does not, a search may take so many steps, of about a
 * microsecond: a thousand schedules have to be through in minutes, and one of them alone says little.
 */
const searched = { steps: 200_000 };

const checkers: Readonly<Record<GuaranteedLevel, (history: History) => Verdict>> = {
  linearizable: (history) => checkLinearizable(history, searched),
  sequential,
  causal: (history) => (isInOneOrder(history) ? { outcome: "valid" } : checkCausal(history)),
};

/** Who is not causal is not sequential either, and of merging replicas their evidence shows that at once. */
function sequential(history: History): Verdict {
  const causal: Verdict = history.mutations === undefined ? { outcome: "valid" } : checkCausal(history);
  return causal.outcome === "invalid" ? causal : checkSequential(history, searched);
}

/** One order of everything that respects each session is causal, and where replicas agree on one it is seen at once. */
const isInOneOrder = (history: History): boolean =>
  history.mutations === undefined && checkSequential(history, { ...searched, level: "causal" }).outcome === "valid";

/**
 * What each domain's level promises of the operations themselves, over all its cells (semantics, *Scope of judgement*).
 * A transaction is one event of each domain it touches: between domains nothing is promised.
 */
export function judgeGuarantees(judged: Judged): Guarantees {
  const findings: Finding[] = [];
  let undecided: string | undefined;
  for (const domain of judged.deployment.domains.values()) {
    if (!isAtLeast(domain.level, "causal")) continue;
    const events = eventsOf(domain, judged.recorder.events);
    for (const level of levelsIn(events)) {
      const verdict = checkers[level](historyOf(domain, level, events));
      if (verdict.outcome === "invalid") findings.push(violated(level, verdict.anomalies[0], domain, judged));
      if (verdict.outcome === "unknown") undecided ??= verdict.reason;
    }
  }
  return { findings, undecided };
}

/** The levels that something was asked at: the domain's own, and those of reads that were weakened to less. */
function levelsIn(events: readonly HistoryEvent[]): readonly GuaranteedLevel[] {
  const asked = new Set<Level>();
  for (const { operations } of events) for (const { level } of operations) asked.add(level);
  return (["linearizable", "sequential", "causal"] as const).filter((level) => asked.has(level));
}

/** The domain's part of what clients did, with its evidence. */
function eventsOf(domain: Domain, recorded: readonly Draft[]): readonly HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const event of recorded) {
    if (event.status === "fail") continue;
    const operations = event.operations.filter(({ cell }) => domain.cells.has(cell));
    if (operations.length === 0) continue;
    for (const operation of operations)
      if (operation.commit !== undefined) operation.position = positionOf(operation.commit, domain);
    events.push(operations.length === event.operations.length ? event : { ...event, operations });
  }
  return events;
}

function positionOf(commit: number, domain: Domain): number | undefined {
  for (const machine of liveMachines(domain)) {
    const ledger = machine.ledger?.();
    if (ledger?.kind !== "order") return undefined;
    const position = ledger.positionOf(commit);
    if (position !== undefined) return position;
  }
  return undefined;
}

/** The part of it that a level judges: operations at that level or above. Writes are always at the domain's own. */
function historyOf(domain: Domain, level: Level, events: readonly HistoryEvent[]): History {
  const judged: HistoryEvent[] = [];
  for (const event of events) {
    const operations = event.operations.filter((operation) => isAtLeast(operation.level, level));
    if (operations.length === event.operations.length) judged.push(event);
    else if (operations.length > 0) judged.push({ ...event, operations });
  }
  const cells = [...domain.cells.values()].map(({ key, label, type, level: own, options }) => ({
    key,
    label,
    type: type.name,
    level: own,
    domain: domain.name,
    initial: type.initial(options),
    options,
  }));
  return { version: 1, cells, events: judged, mutations: mutationsOf(domain) };
}

function mutationsOf(domain: Domain): readonly HistoryMutation[] | undefined {
  if (domain.mechanism.data !== "merged") return undefined;
  const known = new Set<number>();
  const mutations: HistoryMutation[] = [];
  for (const machine of liveMachines(domain)) {
    const ledger = machine.ledger?.();
    if (ledger?.kind !== "mutations") return undefined;
    for (const { operationId, mutations: carried } of ledger.commits) {
      if (known.has(operationId)) continue;
      known.add(operationId);
      for (const mutation of carried) mutations.push({ ...mutation, commit: operationId });
    }
  }
  return mutations;
}

function violated(level: Level, anomaly: Anomaly | undefined, domain: Domain, { recorder, faults }: Judged): Finding {
  const events = recorder.events.filter((event) => anomaly?.events.includes(event.id));
  const touched = events.flatMap((event) => event.operations.map(({ cell }) => domain.cells.get(cell)?.label ?? []));
  // A transaction touches more than the anomaly is about: that is what its sentence speaks of.
  const spoken = touched.flat().filter((label) => anomaly?.message.includes(label));
  const labels = [...new Set(spoken.length > 0 ? spoken : touched.flat())];
  return finding("guarantee", level, anomaly?.message ?? `The history is not ${level}.`, {
    anomaly: anomaly?.name,
    events: anomaly?.events ?? [],
    cells: labels,
    domain: domain.name,
    advice: adviceFor(domain, labels, faults),
  });
}
