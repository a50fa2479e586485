import type { History, Verdict } from "../history/history.js";
import type { Level } from "../levels.js";
import { checkLinearizable } from "./linearizable/checker.js";

export type * from "../history/history.js";
export { decodeHistory, encodeHistory, HistoryFormatError } from "../history/jsonl.js";
export { type CausalModel, type CausalOptions, checkCausal } from "./causal/checker.js";
export { type ConvergenceInput, checkConvergence } from "./convergence/checker.js";
export { checkLinearizable, type LinearizableOptions } from "./linearizable/checker.js";
export { checkSession, type SessionGuarantee, type SessionOptions } from "./session/checker.js";

export interface VerifyOptions {
  /** The level that is judged: only operations that ask for it count. */
  readonly level: Level;
  /** How many steps a search may take before the verdict is `unknown`. */
  readonly steps?: number;
}

/** Judges a history by a level's guarantee. `unknown` where the guarantee cannot be judged, never `valid` instead. */
export function verify(history: History, { level, ...options }: VerifyOptions): Verdict {
  if (level === "linearizable") return checkLinearizable(history, options);
  return {
    outcome: "unknown",
    reason: `Judging a history as ${level} comes later; today verify decides linearizable.`,
  };
}
