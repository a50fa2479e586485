import { runTransaction } from "../transactions/run-transaction.js";
import { methodAnnotation } from "./method.js";
import type { MethodAnnotation } from "./target.js";

/**
 * Runs the operations of a method as one unit. On linearizable cells it is strict serializable, on sequential cells
 * strong session serializable, on causal cells it is seen as a whole; operations on weaker cells stand alone, take
 * effect at once and are not undone. An error of the method aborts it. A transaction that loses against others runs
 * again, then throws `ConflictError`; a commit without an answer throws `IndeterminateError`.
 */
export const Transaction = (options: Readonly<Record<string, never>> = {}): MethodAnnotation =>
  methodAnnotation({ decorator: "Transaction", given: options, metadata: { transaction: runTransaction } });
