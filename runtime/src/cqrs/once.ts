import type { ReplicatedMap } from "../cells/replicated-map.js";
import { equalValues } from "../data/values.js";
import { forgetHandledIfDue, type Handled, keepKeysMs, nowMsOf, refuseNoTime } from "./handled.js";
import { inTransaction } from "./in-transaction.js";
import { InvalidCommandError } from "./schema.js";

export interface OnceOptions {
  /** What errors call it. */
  readonly name?: string;
  /** What is asked for: under the same key, another one is refused. Kept as long as the key is. */
  readonly request?: unknown;
  /** How long the key stands at least, in milliseconds: `keepKeysMs`, a day, unless told, `Infinity` for good. */
  readonly keepMs?: number;
}

/**
 * Does it if nobody has done it under this key, else gives the first result. The work and the key are one transaction,
 * so that no crash comes between them: the cells that it changes have to be of the level of `handled`.
 *
 * What throws has not been done, and may be tried again under the same key. The same goes for `IndeterminateError`: if
 * it did happen, its result is found. From sequential up no two callers do it both. Below, each replica knows its own
 * keys, and does it.
 *
 * Keys are forgotten after `keepMs`. What has an order, as deliveries do, needs none: see `inbox`.
 *
 * @throws InvalidCommandError where the key stands for another request.
 * @throws AnnotationError for a `keepMs` that is no number above 0.
 */
export async function once<Result>(
  handled: ReplicatedMap<string, Handled>,
  key: string,
  work: () => Promise<Result>,
  { name = "once", request, keepMs = keepKeysMs }: OnceOptions = {},
): Promise<Result> {
  refuseNoTime(keepMs);
  const result = await inTransaction(handled, name, async () => {
    const before = await handled.get(key);
    if (before !== undefined) {
      if (equalValues(before.request, request)) return before.result as Result;
      const message = `"${key}" was used for something else: a key stands for one request`;
      throw new InvalidCommandError(name, [{ path: "idempotencyKey", message }]);
    }
    const done = await work();
    await handled.put(key, { request, result: done, doneAtMs: nowMsOf(handled) });
    return done;
  });
  await forgetHandledIfDue(handled, keepMs);
  return result;
}
