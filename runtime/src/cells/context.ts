import { AsyncLocalStorage } from "node:async_hooks";
import type { Cell, SessionState } from "../deployment/deployment.js";
import type { Level } from "../levels.js";
import type { SagaLog } from "../transactions/saga-log.js";
import type { Transaction } from "../transactions/transaction.js";

/** What the code that runs now is a part of. Set by the outermost method of an opened object; inner ones add to it. */
export interface Context {
  readonly session: SessionState;
  readonly call: number | undefined;
  /** The level of the method's reads, where it has one. */
  readonly readLevel: Level | undefined;
  readonly transaction: Transaction | undefined;
  readonly saga: SagaLog | undefined;
  /** Where what runs may not write, as for a query that is being answered: why. */
  readonly refuseWrite: RefuseWrite | undefined;
}

export type RefuseWrite = (cell: Cell, session: SessionState, operation: string) => Error;

interface ContextStorage {
  getStore(): Context | undefined;
  run<R>(context: Context, body: () => R): R;
}

let storage: ContextStorage = new AsyncLocalStorage<Context>();

/** Contexts are carried by another storage until the returned function is called. */
export function carryContextsBy(other: ContextStorage): () => void {
  const before = storage;
  storage = other;
  return () => {
    storage = before;
  };
}

export const currentContext = (): Context | undefined => storage.getStore();

export const runInContext = <R>(context: Context, body: () => R): R => storage.run(context, body);

/** Runs what a session asks for outside all methods, whatever is running now. */
export const runInSession = <R>(session: SessionState, body: () => R): R =>
  storage.run(
    { session, call: undefined, readLevel: undefined, transaction: undefined, saga: undefined, refuseWrite: undefined },
    body,
  );
