import { currentContext } from "../cells/context.js";
import { bindingOf, type Handle } from "../cells/handle.js";
import type { ReplicatedMap } from "../cells/replicated-map.js";
import { AnnotationError, isConflict, isIndeterminate, isUnavailable } from "../errors.js";
import { inTransaction } from "./in-transaction.js";

/** What is kept of something that was done: plain data, in a cell `map<string, Handled>()`. */
export interface Handled {
  /** What was asked for, to tell whether the key is used again for something else. */
  readonly request: unknown;
  readonly result: unknown;
  /** When it was done, in milliseconds by the deployment's clock. */
  readonly doneAtMs: number;
}

/**
 * How long a key stands unless told: a day, after which a client has its answer or has given up. (Stripe, API
 * reference, Idempotent requests: keys may go once they are 24 hours old.)
 */
export const keepKeysMs = 24 * 60 * 60 * 1_000;

/**
 * Forgets the keys of what was done at least `keepMs` ago, in one transaction, and gives how many they were. What comes
 * again under one of them is done again.
 *
 * `commandBus` and `once` do so by themselves, which bounds what they keep. Call it from a job for objects that nobody
 * uses any more, and where processes do not live for a twenty-fourth of `keepMs`. Throws what the operations of the
 * cell throw.
 *
 * @throws AnnotationError for a time that is no number above 0.
 */
export function forgetHandled(
  handled: ReplicatedMap<string, Handled>,
  { keepMs = keepKeysMs }: { readonly keepMs?: number } = {},
): Promise<number> {
  refuseNoTime(keepMs);
  return inTransaction(handled, "forgetHandled", async () => {
    const nowMs = nowMsOf(handled);
    const old = (await handled.entries()).filter(([, { doneAtMs }]) => nowMs - doneAtMs >= keepMs);
    for (const [key] of old) await handled.delete(key);
    return old.length;
  });
}

/** By cell, when its keys are looked through next by this process. */
const dueAtMs = new WeakMap<object, number>();

/**
 * Looks through the keys each time that a twenty-fourth of `keepMs` has gone by, so that they are kept for so long at
 * least and, where commands come, a twenty-fourth longer at most. Not as a part of somebody's transaction or saga, which
 * it is no step of; and what cannot be done now is done next time, as what was asked for is done already.
 */
export async function forgetHandledIfDue(handled: ReplicatedMap<string, Handled>, keepMs: number): Promise<void> {
  const context = currentContext();
  if (context?.transaction !== undefined || context?.saga !== undefined || keepMs === Number.POSITIVE_INFINITY) return;
  const { cell } = bindingOf(handled);
  const nowMs = nowMsOf(handled);
  const due = dueAtMs.get(cell);
  if (due !== undefined && nowMs < due) return;
  dueAtMs.set(cell, nowMs + keepMs / 24);
  if (due === undefined) return;
  try {
    await forgetHandled(handled, { keepMs });
  } catch (error) {
    if (!isUnavailable(error) && !isIndeterminate(error) && !isConflict(error)) throw error;
  }
}

export const nowMsOf = (cell: Handle): number => bindingOf(cell).session.deployment.wallMs?.() ?? 0;

export function refuseNoTime(keepMs: number): void {
  if (keepMs > 0) return;
  throw new AnnotationError(`\`keepMs\` is ${String(keepMs)}, for which no key would stand.`, {
    help: "Accepted: a number of milliseconds above 0, or Infinity to keep all.",
  });
}
