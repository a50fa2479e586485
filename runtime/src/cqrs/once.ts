import { currentContext } from "../cells/context.js";
import { bindingOf, type Handle } from "../cells/handle.js";
import type { ReplicatedMap } from "../cells/replicated-map.js";
import { equalValues } from "../data/values.js";
import { runTransaction } from "../transactions/run-transaction.js";
import { InvalidCommandError } from "./schema.js";

/** What is kept of something that was done: plain data, in a cell `map<string, Handled>()`. */
export interface Handled {
  /** What was asked for, to tell whether the key is used again for something else. */
  readonly request: unknown;
  readonly result: unknown;
}

/**
 * Does it if nobody has done it under this key, else gives the first result. The work and the key are one transaction, so
 * that no crash comes between them: the cells that it changes have to be of the level of `handled`.
 *
 * What throws has not been done, and may be tried again under the same key. The same goes for `IndeterminateError`: if
 * it did happen, its result is found. From sequential up no two callers do it both. Below, each replica knows its own
 * keys, and does it.
 *
 * @throws InvalidCommandError where the key stands for another request.
 */
export function once<Result>(
  handled: ReplicatedMap<string, Handled>,
  key: string,
  work: () => Promise<Result>,
  { name = "once", request }: { readonly name?: string; readonly request?: unknown } = {},
): Promise<Result> {
  return inTransaction(handled, name, async () => {
    const before = await handled.get(key);
    if (before !== undefined) {
      if (equalValues(before.request, request)) return before.result as Result;
      const message = `"${key}" was used for something else: a key stands for one request`;
      throw new InvalidCommandError(name, [{ path: "idempotencyKey", message }]);
    }
    const result = await work();
    await handled.put(key, { request, result });
    return result;
  });
}

/** As a method with `@Transaction()` is run: in the one that is under way, or in one of its own. */
export function inTransaction<R>(cell: Handle, name: string, work: () => Promise<R>): Promise<R> {
  const { session } = bindingOf(cell);
  const current = currentContext();
  const outer = current?.session.deployment === session.deployment ? current : undefined;
  if (outer?.transaction !== undefined) return work();
  const context = {
    session: outer?.session ?? session,
    call: outer?.call,
    readLevel: outer?.readLevel,
    transaction: undefined,
    saga: outer?.saga,
    refuseWrite: outer?.refuseWrite,
  };
  return runTransaction(context, name, work);
}
