import { currentContext } from "../cells/context.js";
import { bindingOf, type Handle } from "../cells/handle.js";
import { runTransaction } from "../transactions/run-transaction.js";

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
