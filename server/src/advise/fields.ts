import { categoryOf, classify, type Subject } from "../../../runtime/src/advice/classification/index.js";
import { percentage } from "../../../runtime/src/advice/figures.js";
import { spectrumOf } from "../../../runtime/src/advice/spectrum/index.js";
import { compareLevels, type Level } from "../../../runtime/src/levels.js";
import type { Cell } from "../analysis/model.js";
import type { CompareResult } from "../compare/index.js";
import { capitalised, levelName, list } from "../rules/words.js";
import { schedules } from "../simulate/reasons.js";
import type { FieldAdvice, FieldClassification, FieldSimulation, LevelAdvice, SimulationEvidence } from "./advise.js";
import { candidatesOf } from "./candidates.js";
import { besideTheCode, type Decided, decide } from "./decision.js";

export interface FieldsRequest {
  readonly cells: readonly Cell[];
  readonly compared: CompareResult;
  readonly simulation: SimulationEvidence;
  readonly levels: readonly LevelAdvice[];
  /** The share of operations that has to be answered. */
  readonly availability: number | undefined;
  /** A path as the record shows it. */
  readonly shown: (file: string) => string;
}

/** What is known of each field, and what follows from it. */
export function fieldAdvice(request: FieldsRequest): readonly FieldAdvice[] {
  const { cells, compared, simulation, levels, shown } = request;
  const evidence = cells.map((cell) => {
    const { name: field, dataType, level: annotated = null } = cell;
    const classification = classificationOf(cell);
    const simulated = simulationOf(cell, compared);
    const { judgesInvariants } = simulation;
    const budget = schedules(simulation.schedules);
    const decided = decide({ annotated, classification, simulated, judgesInvariants, budget });
    const { file, range } = cell.site;
    const location = { file: shown(file), line: range.start.line };
    return { field, key: keyOf(cell), dataType, location, annotated, classification, simulated, decided };
  });
  return evidence.map(({ key, decided, ...known }) => {
    const decision = withinReach(
      besideTheCode(together(key, decided, evidence, compared.groups), known.annotated),
      request,
    );
    return {
      ...known,
      candidates: candidatesOf({ ...known, levels, simulation, decision }),
      decision: { ...decision, mitigation: mitigationOf(decision.level, known.annotated) },
    };
  });
}

interface Known {
  readonly key: string;
  readonly field: string;
  readonly decided: Decided;
}

/** What one transaction changes at once moves together, or an abort would take back only a part of it. */
function together(key: string, decided: Decided, all: readonly Known[], groups: CompareResult["groups"]): Decided {
  const group = groups.find((each) => each.includes(key)) ?? [key];
  const { level } = decided;
  const stronger = all
    .filter((other) => group.includes(other.key) && level !== null && other.decided.level !== null)
    .filter((other) => compareLevels(other.decided.level ?? "none", level ?? "none") > 0)
    .sort((a, b) => compareLevels(b.decided.level ?? "none", a.decided.level ?? "none"));
  const [first] = stronger;
  if (first === undefined) return decided;
  return {
    ...decided,
    level: first.decided.level,
    reasoning: [
      ...decided.reasoning,
      `By itself ${level} would do, but one transaction changes it with ${list(stronger.map(({ field }) => `\`${field}\``))}: all of them have to be at one level, or an abort takes back only a part.`,
    ],
  };
}

/** A level that does not answer as often as was asked for is not what was asked for, whatever else speaks for it. */
function withinReach(decided: Decided, { levels, availability }: FieldsRequest): Decided {
  const advice = levels.find(({ level }) => level === decided.level);
  if (advice?.isAvailableEnough !== false || availability === undefined) return decided;
  const { reads, writes } = advice.availability;
  const enough = levels.findLast(({ isAvailableEnough }) => isAvailableEnough === true);
  const instead =
    enough === undefined
      ? "No level does better by as much."
      : `${capitalised(levelName(enough.level))} is the strongest that answers often enough, with what goes wrong there: weigh which loss is worse.`;
  const missed = `${percentage(availability)} of the operations are to be answered, but at ${levelName(advice.level)} expect ${percentage(reads)} of the reads and ${percentage(writes)} of the writes. ${instead}`;
  return { ...decided, disagreements: [...decided.disagreements, missed] };
}

/** What kind of data a field holds, by what the code calls it. */
export function classificationOf({ name, owner, dataType, description }: Cell): FieldClassification {
  return kindOf({ name, owner, dataType, ...description });
}

/** What kind of data something is, with all that follows from it. */
export function kindOf(subject: Subject): FieldClassification {
  const { category, weakest, loss, strongest, reason } = classify(subject);
  if (category === "NEEDS_ANALYSIS")
    return {
      ...{ category, reason, name: null, weakest: null, usual: null },
      strongest: null,
      loss: null,
      source: null,
    };
  const { name: kind, usual, source } = categoryOf(category);
  return {
    category,
    name: kind,
    weakest: weakest ?? null,
    usual,
    strongest: strongest ?? null,
    loss: loss ?? null,
    reason,
    source,
  };
}

function simulationOf(cell: Cell, { weakest, outcome, untested }: CompareResult): FieldSimulation {
  const key = keyOf(cell);
  if (untested.includes(key)) return { outcome: "untested", level: null };
  if (outcome !== "found") return { outcome, level: null };
  const level = weakest?.[key];
  return level === undefined ? { outcome: "untested", level: null } : { outcome: "sufficient", level };
}

function mitigationOf(decided: Level | null, annotated: Level | null): readonly string[] {
  const level = decided ?? annotated;
  return level === null ? [] : spectrumOf(level).mitigation;
}

const keyOf = ({ owner, name }: Cell): string => `${owner}.${name}`;
