import type { History, Verdict } from "../../history/history.js";
import { addAll, type Bits, noBits } from "../causal/bits.js";
import { duplicateId } from "../causal/checker.js";
import { type Evidence, evidenceOf, isDuplicate, type Node } from "../causal/evidence.js";
import { SessionPasts } from "../causal/pasts.js";
import { Teller } from "../causal/telling.js";
import { type Demand, WhiteBox } from "../causal/white-box.js";
import { judgeSessionValues } from "./values.js";

export type SessionGuarantee = "read-your-writes" | "monotonic-reads" | "monotonic-writes" | "writes-follow-reads";

export const sessionGuarantees: readonly SessionGuarantee[] = [
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
];

export interface SessionOptions {
  /** Those that are judged; all four unless told. */
  readonly guarantees?: readonly SessionGuarantee[];
}

/**
 * Decides whether each session of a history sees what it should (Terry et al., Session Guarantees for Weakly Consistent
 * Replicated Data, PDIS 1994). One anomaly is reported for each guarantee that is broken. See checker.md.
 */
export function checkSession(history: History, { guarantees = sessionGuarantees }: SessionOptions = {}): Verdict {
  const evidence = evidenceOf(history);
  if (evidence === undefined) return judgeSessionValues(history, guarantees);
  if (isDuplicate(evidence)) return { outcome: "invalid", anomalies: [duplicateId(evidence)] };
  const box = new WhiteBox(evidence);
  const unsound = box.integrity();
  const teller = new Teller(evidence);
  if (unsound !== undefined) return { outcome: "invalid", anomalies: [teller.anomaly(unsound)] };
  const pasts = new SessionPasts(evidence);
  const anomalies = guarantees.flatMap((guarantee) => {
    const breach = box.breach(demands[guarantee](pasts, evidence));
    return breach === undefined ? [] : [teller.anomaly(breach)];
  });
  return anomalies.length === 0 ? { outcome: "valid" } : { outcome: "invalid", anomalies };
}

type DemandOf = (pasts: SessionPasts, evidence: Evidence) => Demand;

const nothing = (): undefined => undefined;

const demands: Readonly<Record<SessionGuarantee, DemandOf>> = {
  "read-your-writes": (pasts) => ({ ofReads: (node) => pasts.ownBefore(node), ofMutations: nothing }),
  "monotonic-reads": (pasts) => ({ ofReads: (node) => pasts.readBefore(node), ofMutations: nothing }),
  "monotonic-writes": (pasts, evidence) => ({
    ofReads: (node) => joined(pasts.sourcesOf(node), evidence, (source) => pasts.ownBefore(source)),
    ofMutations: (node) => pasts.ownBefore(node),
  }),
  "writes-follow-reads": (pasts, evidence) => ({
    ofReads: (node) => joined(pasts.sourcesOf(node), evidence, (source) => pasts.readWith(source)),
    ofMutations: (node) => pasts.readWith(node),
  }),
};

function joined(sources: Iterable<Node>, { words }: Evidence, past: (source: Node) => Bits): Bits {
  const union = noBits(words);
  for (const source of sources) addAll(union, past(source));
  return union;
}
