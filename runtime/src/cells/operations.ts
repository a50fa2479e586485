import type { DataType, Operation } from "../data/data-type.js";
import type { Cell, OperationEnd, SessionState, ValueReply } from "../deployment/deployment.js";
import { ConflictError, FaultlineError, isIndeterminate, LevelError } from "../errors.js";
import { compareLevels, isAtLeast, type Level, levels } from "../levels.js";
import { traitsOf } from "../mechanisms/options.js";
import { noteSagaStep } from "../transactions/saga-log.js";
import type { Transaction } from "../transactions/transaction.js";
import { clone } from "./clone.js";
import { type Context, currentContext } from "./context.js";
import { type Binding, bindingOf, type Handle } from "./handle.js";
import { type ReadVariant, requestCommit, requestRead, whereabouts } from "./requests.js";
import { backOffMs, updateAttempts } from "./retries.js";

/** What a read-modify-write makes of the state that it read. */
export interface Change {
  /** The mutation to commit; undefined when nothing is to change. */
  readonly operation: Operation | undefined;
  readonly recorded: Operation;
  readonly result: unknown;
  readonly before?: unknown;
  readonly after?: unknown;
}

export type Changing = (state: unknown, copy: <T>(value: T) => T, asked: Operation, type: DataType) => Change;

/** An operation as it is carried out: for which cell, in which session, as part of what. */
interface Asked {
  readonly cell: Cell;
  readonly session: SessionState;
  readonly context: Context | undefined;
  /** Undefined where the operation stands alone, also inside a transaction. */
  readonly transaction: Transaction | undefined;
  /** The level it is judged at. */
  readonly level: Level;
  readonly operation: Operation;
  readonly mutates: boolean;
}

type End = { -readonly [K in keyof OperationEnd]: OperationEnd[K] };

/** How an operation goes on once it is asked: what it waits for, and what it makes of that. */
interface Course<T> {
  begin(asked: Asked, end: End): Promise<T>;
  conclude(asked: Asked, end: End, found: T): unknown;
}

const reading: Course<ValueReply> = {
  begin: replyFor,
  conclude(asked, end, reply) {
    end.reply = reply;
    return asked.cell.type.apply(stateFor(asked, reply), asked.operation).result;
  },
};

const readingSiblings: Course<ValueReply> = {
  begin: replyFor,
  conclude(asked, end, reply) {
    end.reply = reply;
    const mayDiffer = asked.transaction === undefined && !isAtLeast(asked.level, "sequential");
    return mayDiffer ? reply.siblings : [stateFor(asked, reply)];
  },
};

/** One command, where the mechanism applies commands in an agreed order. */
const commanding: Course<unknown> = { begin: command, conclude: (_asked, _end, result) => result };

/** In the same step as the observer hears of it, so that a read in flight beside it is told on the right side of it. */
const commandingInTransaction: Course<void> = {
  begin: () => Promise.resolve(),
  conclude: ({ transaction, cell, operation }) => transaction?.write(cell, operation),
};

const changing = (change: Changing): Course<unknown> => ({
  begin: (asked, end) => readChangeCommit(asked, end, change),
  conclude: (_asked, _end, result) => result,
});

/** In a transaction: it is the transaction that commits. */
const changingInTransaction = (change: Changing): Course<ValueReply> => ({
  begin: replyFor,
  conclude(asked, end, reply) {
    const { operation, result } = changed(asked, end, change, reply);
    if (operation !== undefined) asked.transaction?.write(asked.cell, operation);
    return result;
  },
});

export function read<R>(handle: Handle, operation: Operation): Promise<R> {
  return perform(handle, operation, false, () => reading);
}

export function siblings<R>(handle: Handle): Promise<R> {
  return perform(handle, { name: "siblings", args: [] }, false, () => readingSiblings);
}

/** A mutation that asks for nothing back. */
export function mutate(handle: Handle, operation: Operation): Promise<void> {
  return perform(handle, operation, true, ({ transaction }) =>
    transaction === undefined ? commanding : commandingInTransaction,
  );
}

/**
 * A mutation whose result depends on the state: one command where the mechanism applies commands in an agreed order,
 * else read, compare and commit.
 */
export function conditional<R>(handle: Handle, operation: Operation, change: Changing): Promise<R> {
  return perform(handle, operation, true, ({ cell, session, transaction }) => {
    if (transaction !== undefined) return changingInTransaction(change);
    return session.deployment.dataOf(cell) === "commands" ? commanding : changing(change);
  });
}

export function readModifyWrite<R>(handle: Handle, operation: Operation, change: Changing): Promise<R> {
  return perform(handle, operation, true, ({ transaction }) =>
    transaction === undefined ? changing(change) : changingInTransaction(change),
  );
}

async function command(asked: Asked, end: End): Promise<unknown> {
  const { cell, session, operation } = asked;
  end.commit = session.deployment.nextOperationId(session);
  const mutations = [{ cell: cell.key, operation }];
  const reply = await requestCommit(session, { id: end.commit, cells: [cell], expected: [], mutations });
  if (reply === "conflict") throw conflict(asked, 1);
  return reply.results[0];
}

async function readChangeCommit(asked: Asked, end: End, change: Changing): Promise<unknown> {
  const { cell, session } = asked;
  for (let attempt = 1; attempt <= updateAttempts; attempt++) {
    end.commit = undefined; // one that was refused is no part of what an attempt without a change reports
    const found = await replyFor(asked);
    const { operation, result } = changed(asked, end, change, found);
    if (operation === undefined) return result;
    end.commit = session.deployment.nextOperationId(session);
    const reply = await requestCommit(session, {
      id: end.commit,
      cells: [cell],
      expected: [{ cell: cell.key, version: found.version }],
      mutations: [{ cell: cell.key, operation }],
    });
    if (reply !== "conflict") return result;
    await session.deployment.backOff(backOffMs(attempt));
  }
  throw conflict(asked, updateAttempts);
}

/** What the change makes of the state; the end of the operation has it too. */
function changed(asked: Asked, end: End, change: Changing, reply: ValueReply): Change {
  end.reply = reply;
  const { cell, operation } = asked;
  const made = change(stateFor(asked, reply), (value) => clone(value, cell.label), operation, cell.type);
  end.operation = made.recorded;
  end.result = resultIn(asked, made.result);
  end.before = made.before;
  end.after = made.after;
  return made;
}

/** As the history has it: where another mutation stands for an update, that one resolves to nothing. */
const resultIn = ({ cell, mutates }: Asked, told: unknown): unknown =>
  mutates && cell.type.changed !== undefined ? undefined : told;

/** What the operation works on, from the transaction or from the deployment. */
function replyFor({ cell, session, transaction, level }: Asked): Promise<ValueReply> {
  // Only a read of a snapshot can meet a conflict.
  return (
    transaction?.read(cell) ?? requestRead(session, cell, variantFor(cell, level), (answer) => answer as ValueReply)
  );
}

/**
 * The state itself, in a transaction with its own writes. To be taken at the moment of use: operations of one transaction
 * that are in flight together write between each other's steps.
 */
const stateFor = ({ cell, transaction }: Asked, reply: ValueReply): unknown =>
  transaction === undefined ? reply.state : transaction.stateOf(cell);

/** A weakened read asks nobody; from causal up it has to show its session at least what that has seen. */
const variantFor = (cell: Cell, level: Level): ReadVariant =>
  level === cell.level ? {} : isAtLeast(level, "causal") ? { session: true } : { local: true };

/**
 * The frame of every operation: in which session and transaction it runs, at which level it is judged, what the
 * observer hears. Nothing is awaited before `invoked`, so that a stack taken there leads to the user's line. It is no
 * asynchronous function: with `AsyncLocalStorage` in use every promise costs, and `await` makes one more.
 */
function perform<R>(
  handle: Handle,
  operation: Operation,
  mutates: boolean,
  courseOf: (asked: Asked) => Course<unknown>,
): Promise<R> {
  const end: End = { status: "ok", operation };
  let context: Context | undefined;
  let asked: Asked | undefined;
  let id = 0;
  const failed = (error: unknown): unknown => {
    end.status = isIndeterminate(error) ? "info" : "fail";
    end.error = error;
    // Errors of the application, such as of an update's function, are for the method's body to handle.
    if (error instanceof FaultlineError) context?.transaction?.doom(error);
    if (asked !== undefined) ended(asked, id, end);
    return error;
  };
  try {
    const binding = bindingOf(handle);
    context = contextIn(binding);
    const begun = ask(binding, context, operation, mutates);
    asked = begun;
    if (mutates) context?.saga?.begun();
    end.operation = begun.operation;
    id = invoked(begun);
    const course = courseOf(begun);
    const succeeded = (found: unknown): R => {
      let result: R;
      try {
        const told = course.conclude(begun, end, found);
        end.result = resultIn(begun, told);
        result = clone(told, begun.cell.label) as R;
      } catch (error) {
        throw failed(error);
      }
      ended(begun, id, end);
      return result;
    };
    return course.begin(begun, end).then(succeeded, (error: unknown) => {
      throw failed(error);
    });
  } catch (error) {
    return Promise.reject(failed(error));
  }
}

/** The saga hears of a mutation before it hears that nothing is under way any more. */
function ended({ session, context, transaction, cell, mutates }: Asked, id: number, end: End): void {
  if (mutates) noteSagaStep(context, transaction, cell, end);
  session.deployment.observer.completed(id, end);
  if (mutates) context?.saga?.ended();
}

const invoked = ({ cell, session, context, transaction, level, operation, mutates }: Asked): number =>
  session.deployment.observer.invoked(session, {
    cell,
    level,
    name: operation.name,
    args: operation.args,
    mutates,
    call: context?.call,
    transaction: transaction?.id,
  });

function ask(
  { cell, session: opened, at }: Binding & { readonly at: Level | undefined },
  context: Context | undefined,
  asked: Operation,
  mutates: boolean,
): Asked {
  const session = context?.session ?? opened;
  context?.transaction?.refuseAfterEnd(cell);
  const operation = { name: asked.name, args: asked.args.map((value) => clone(value, cell.label)) };
  if (mutates && at !== undefined) throw writeThroughAt(cell, session, operation.name);
  if (mutates && context?.refuseWrite !== undefined) throw context.refuseWrite(cell, session, operation.name);
  if (mutates && context?.saga?.isClosed === true) throw sagaFailed(cell, session, operation.name);
  const level = mutates ? cell.level : readLevel(cell, session, at ?? context?.readLevel);
  const standsAlone = level !== cell.level || !isAtLeast(cell.level, "causal");
  const transaction = standsAlone ? undefined : context?.transaction;
  refuseUnsupported(cell, session, operation.name, transaction !== undefined);
  if (context?.transaction !== undefined && !isAtLeast(cell.level, "sequential")) context.transaction.mayRepeat = false;
  return {
    cell,
    session,
    context,
    transaction,
    level,
    operation,
    mutates,
  };
}

/** The context of the method that runs, unless it belongs to another deployment than the handle. */
function contextIn({ session }: Binding): Context | undefined {
  const context = currentContext();
  return context?.session.deployment === session.deployment ? context : undefined;
}

function readLevel(cell: Cell, session: SessionState, asked: Level | undefined): Level {
  if (asked === undefined) return cell.level;
  if (!levels.includes(asked))
    throw new LevelError(
      `"${String(asked)}" is no level.`,
      whereabouts(cell, session, `The levels are ${levels.join(", ")}.`),
    );
  if (compareLevels(asked, cell.level) <= 0) return asked;
  throw new LevelError(
    `\`${cell.label}\` is ${cell.level} and cannot be read at ${asked}.`,
    whereabouts(cell, session, `A read can only be weakened: make the cell ${asked}, or ask for less.`),
  );
}

function refuseUnsupported(cell: Cell, session: SessionState, operation: string, inTransaction: boolean): void {
  const refused = cell.type.lacks?.(operation) ?? traitsOf(cell.mechanism).refuses?.(cell, operation, inTransaction);
  if (refused === undefined) return;
  throw new LevelError(
    `\`${cell.label}\` (${cell.level}) ${refused.problem}.`,
    whereabouts(cell, session, refused.help),
  );
}

function writeThroughAt(cell: Cell, session: SessionState, name: string): LevelError {
  return new LevelError(
    `\`${cell.label}\` cannot ${name} through \`.at(…)\`: only reads can be weakened.`,
    whereabouts(cell, session, "Call it on the cell itself."),
  );
}

function sagaFailed(cell: Cell, session: SessionState, name: string): LevelError {
  return new LevelError(
    `\`${cell.label}\` cannot ${name} in a saga that has failed and is being undone.`,
    whereabouts(cell, session, "Await every operation inside the @Saga() method."),
  );
}

function conflict({ cell, session, operation }: Asked, attempts: number): ConflictError {
  return new ConflictError(
    `\`${cell.label}\` (${cell.level}) changed before \`${operation.name}\` could, ${attempts} times in a row.`,
    whereabouts(cell, session, "It did not happen: repeat it later."),
  );
}
