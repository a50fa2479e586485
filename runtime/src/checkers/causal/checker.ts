import type { Anomaly, History, Verdict } from "../../history/history.js";
import { phrase } from "../wording.js";
import { arbitrationCycle } from "./arbitration.js";
import type { Bits } from "./bits.js";
import { judgeValues } from "./black-box.js";
import { type Duplicate, type Evidence, evidenceOf, isDuplicate, type Node } from "./evidence.js";
import { CausalPasts } from "./pasts.js";
import { witnessOf } from "./positions.js";
import { searchCausal } from "./search.js";
import { Teller } from "./telling.js";
import { differentiate } from "./variables.js";
import { type Breach, WhiteBox } from "./white-box.js";

/**
 * `ccv`, causal convergence: besides causality, one order of all mutations that settles concurrent ones alike for
 * everyone. `cm`, causal memory: each session has an order of its own that explains all it read. `cc`, causal
 * consistency: each read by itself has one. CCv and CM both imply CC and neither implies the other.
 */
export type CausalModel = "ccv" | "cm" | "cc";

export interface CausalOptions {
  readonly model?: CausalModel;
}

/**
 * Decides whether a history is causally consistent (Bouajjani, Enea, Guerraoui and Hamza, On Verifying Causal
 * Consistency, POPL 2017). With evidence of what each operation saw it judges that, for all data types; else by values
 * alone, where these say which write they are from. See checker.md.
 */
export function checkCausal(history: History, { model = "ccv" }: CausalOptions = {}): Verdict {
  const evidence = model === "ccv" ? evidenceOf(history) : undefined;
  if (evidence !== undefined) return judgeEvidence(evidence);
  const witness = witnessOf(history);
  if (witness !== undefined) return { outcome: "valid", witness };
  return judgeWithoutEvidence(history, model);
}

function judgeWithoutEvidence(history: History, model: CausalModel): Verdict {
  const verdict = judgeValues(differentiate(history), model);
  return verdict.outcome === "unknown" ? (searchCausal(history, model) ?? verdict) : verdict;
}

function judgeEvidence(evidence: Evidence | Duplicate): Verdict {
  if (isDuplicate(evidence)) return invalid(duplicateId(evidence));
  const box = new WhiteBox(evidence);
  const unsound = box.integrity();
  if (unsound !== undefined) return invalid(new Teller(evidence).anomaly(unsound));
  const pasts = new CausalPasts(evidence);
  const past = pasts.of.bind(pasts);
  for (const node of evidence.nodes) past(node);
  if (pasts.cycle !== undefined) return invalid(new Teller(evidence).anomaly({ kind: "cycle", nodes: pasts.cycle }));
  const breach = box.breach({ ofReads: past, ofMutations: past }) ?? unsettled(evidence, past);
  return breach === undefined ? { outcome: "valid" } : invalid(new Teller(evidence).anomaly(breach));
}

function unsettled(evidence: Evidence, past: (node: Node) => Bits): Breach | undefined {
  const cycle = arbitrationCycle(evidence, past);
  return cycle === undefined ? undefined : { kind: "unsettled", nodes: cycle };
}

const invalid = (anomaly: Anomaly): Verdict => ({ outcome: "invalid", anomalies: [anomaly] });

export function duplicateId({ first, second }: Duplicate): Anomaly {
  const message = `Replicas know two mutations by one identity: one ${phrase(first.cell, first.operation, undefined)}, the other ${phrase(second.cell, second.operation, undefined)}.`;
  return { name: "duplicate-id", message, events: [] };
}
