import type { History, Verdict } from "../history/history.js";
import type { Level } from "../levels.js";
import { checkCausal } from "./causal/checker.js";
import { checkLinearizable } from "./linearizable/checker.js";
import { judgeRecorded } from "./recorded.js";
import { checkSequential } from "./sequential/checker.js";
import { checkSerializable, type SerializableModel } from "./serializable/checker.js";

export type * from "../history/history.js";
export { type DecodeOptions, decodeHistory, encodeHistory, HistoryFormatError } from "../history/jsonl.js";
export { type CausalModel, type CausalOptions, checkCausal } from "./causal/checker.js";
export { type ConvergenceInput, checkConvergence } from "./convergence/checker.js";
export { checkLinearizable, type LinearizableOptions } from "./linearizable/checker.js";
export { checkSequential, type SequentialOptions } from "./sequential/checker.js";
export { checkSerializable, type SerializableModel, type SerializableOptions } from "./serializable/checker.js";
export { checkSession, type SessionGuarantee, type SessionOptions } from "./session/checker.js";

export interface VerifyOptions {
  /** The level that is judged: only operations that ask for it count. */
  readonly level?: Level;
  /** The model of transactions that is judged, instead of a level. */
  readonly model?: SerializableModel;
  /** How many steps a search may take before the verdict is `unknown`. */
  readonly steps?: number;
}

/**
 * Judges a history by a level's guarantee, domain by domain, or by a model of transactions. `unknown` where it cannot be
 * judged, never `valid` instead. What a recording left out is never held against anybody. Throws a `TypeError` unless
 * exactly one of `level` and `model` is given.
 */
export function verify(history: History, options: VerifyOptions): Verdict {
  if ((options.level === undefined) === (options.model === undefined))
    throw new TypeError("Give verify either a level or a model.");
  return judgeRecorded(history, (known) => judge(known, options));
}

function judge(history: History, { level, model, ...options }: VerifyOptions): Verdict {
  if (model !== undefined)
    return checkSerializable(model === "strict-serializable" ? widened(history) : history, { ...options, model });
  if (level === "linearizable") return checkLinearizable(widened(history), options);
  if (level === "sequential") return joined(domainsOf(history).map((domain) => checkSequential(domain, options)));
  if (level === "causal") return joined(domainsOf(history).map((domain) => checkCausal(domain)));
  return {
    outcome: "unknown",
    reason: `What ${level} promises shows in the replicas, not in what clients were answered: a history cannot tell.`,
  };
}

/**
 * Where clocks may differ by so much, only what completed that much earlier surely came before. Sessions and processes
 * are on one clock each, so what goes by their order alone needs no more room.
 */
function widened(history: History): History {
  const skewUs = (history.recording?.maxClockSkewMs ?? 0) * 1_000;
  if (skewUs === 0) return history;
  const events = history.events.map(({ invokedOrder: _, completedOrder: __, ...event }) => ({
    ...event,
    completedUs: event.completedUs === undefined ? undefined : event.completedUs + skewUs,
  }));
  return { ...history, events };
}

/** Between domains nothing is promised: what touches several is an event of each. */
function domainsOf(history: History): History[] {
  return [...new Set(history.cells.map(({ domain }) => domain))].map((domain) => {
    const cells = history.cells.filter((cell) => cell.domain === domain);
    const keys = new Set(cells.map(({ key }) => key));
    const events = history.events.flatMap((event) => {
      const operations = event.operations.filter(({ cell }) => keys.has(cell));
      return operations.length === 0 ? [] : [{ ...event, operations }];
    });
    return { ...history, cells, events };
  });
}

/** A violation anywhere is one of the whole; `valid` only where all are. */
function joined(verdicts: readonly Verdict[]): Verdict {
  const anomalies = verdicts.flatMap((verdict) => (verdict.outcome === "invalid" ? verdict.anomalies : []));
  if (anomalies.length > 0) return { outcome: "invalid", anomalies };
  const [only] = verdicts;
  if (verdicts.length === 1 && only !== undefined) return only;
  return verdicts.find(({ outcome }) => outcome === "unknown") ?? { outcome: "valid" };
}
