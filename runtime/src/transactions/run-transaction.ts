import { type Context, runInContext } from "../cells/context.js";
import { requestCommit, whereabouts } from "../cells/requests.js";
import { backOffMs, transactionAttempts } from "../cells/retries.js";
import type { Cell, SessionState, TransactionEnd } from "../deployment/deployment.js";
import { ConflictError, IndeterminateError, isConflict, isIndeterminate } from "../errors.js";
import { type DomainPart, Transaction } from "./transaction.js";

type CommitEnd = TransactionEnd["commits"][number];

/** What became of one attempt. */
type Attempt<R> =
  | { readonly status: "ok"; readonly value: R; readonly commits: readonly CommitEnd[] }
  | { readonly status: "fail" | "info"; readonly error: unknown; readonly commits: readonly CommitEnd[] }
  /** Lost against others without any effect. */
  | { readonly status: "conflict"; readonly error: unknown };

/** Runs a method as one transaction. See `Transaction` (the decorator) for what it promises. */
export function runTransaction<R>(context: Context, name: string, body: () => Promise<R>): Promise<R> {
  const { saga } = context;
  if (saga === undefined) return runAttempts(context, name, body);
  saga.begun();
  return runAttempts(context, name, body).finally(() => saga.ended());
}

async function runAttempts<R>(context: Context, name: string, body: () => Promise<R>): Promise<R> {
  const { session } = context;
  const { observer } = session.deployment;
  const id = observer.transactionBegun(session, { call: context.call, name });
  for (let count = 1; ; count++) {
    const transaction = new Transaction(session, id, context.saga);
    let attempt = await runBody(context, transaction, body);
    if (attempt.status === "ok") attempt = await commitAll(session, transaction, attempt.value);
    if (attempt.status !== "conflict") {
      context.saga?.add(attempt.status, transaction.steps);
      const { status, commits } = attempt;
      observer.transactionEnded(id, { status, commits, error: attempt.status === "ok" ? undefined : attempt.error });
      if (attempt.status === "ok") return attempt.value;
      throw attempt.error;
    }
    if (count === transactionAttempts || !transaction.mayRepeat) {
      const error = lost(session, name, count, attempt.error);
      observer.transactionEnded(id, { status: "fail", commits: [], error });
      throw error;
    }
    observer.transactionRetried(id);
    await session.deployment.backOff(backOffMs(count));
  }
}

/** Runs the method itself; `ok` means that it may commit. */
function runBody<R>(context: Context, transaction: Transaction, body: () => Promise<R>): Promise<Attempt<R>> {
  const returned = (value: R): Attempt<R> => {
    transaction.ended = true;
    const failure = transaction.doomedBy;
    if (isConflict(failure)) return { status: "conflict", error: failure };
    return failure === undefined
      ? { status: "ok", value, commits: [] }
      : { status: "fail", error: failure, commits: [] };
  };
  const threw = (error: unknown): Attempt<R> => {
    transaction.ended = true;
    // The body could not go on because a snapshot was gone; whatever it made of that is no answer of the application.
    if (isConflict(transaction.doomedBy)) return { status: "conflict", error: transaction.doomedBy };
    // Any other error stands without the read set being validated again. All that the body saw of a domain of commands is
    // one state of the agreed order, so aborted it is a transaction that only reads, and takes its place at that state.
    // Linearizable: the first read asks for the read index after the begin, so the state holds every change that was
    // completed before the begin: strict serializable. Sequential: it is no older than what the session had seen when
    // it read first, its own writes included: strong session serializable (Daudjee and Salem, ICDE 2004).
    return { status: "fail", error, commits: [] };
  };
  try {
    const { session, call, readLevel, saga, refuseWrite } = context;
    return Promise.resolve(runInContext({ session, call, readLevel, transaction, saga, refuseWrite }, body)).then(
      returned,
      threw,
    );
  } catch (error) {
    return Promise.resolve(threw(error)); // by a method that is no asynchronous function
  }
}

async function commitAll<R>(session: SessionState, transaction: Transaction, value: R): Promise<Attempt<R>> {
  const commits: CommitEnd[] = [];
  for (const part of transaction.written) {
    const { domain } = part;
    const id = session.deployment.nextOperationId(session);
    const failure = await commitPart(session, part, id);
    if (failure === undefined) {
      commits.push({ id, domain, status: "ok" });
      continue;
    }
    if (failure === "conflict" && commits.length === 0) return { status: "conflict", error: undefined };
    const status = isIndeterminate(failure) ? "info" : "fail";
    commits.push({ id, domain, status });
    if (commits.length === 1) return { status, error: failure, commits };
    return { status: "info", error: torn(session, part, failure), commits };
  }
  return { status: "ok", value, commits };
}

/** The error that the commit failed with, or undefined when it succeeded. */
function commitPart(session: SessionState, part: DomainPart, id: number): Promise<unknown> {
  // Merging replicas accept concurrent writes by design: at causal a transaction is one unit, not one without rivals.
  const expected = part.data === "commands" ? part.versions : [];
  const commit = { id, cells: cellsOf(part), expected, mutations: part.mutations, snapshot: part.snapshot };
  return requestCommit(session, commit).then(
    (reply) => (reply === "conflict" ? reply : undefined),
    (error: unknown) => error,
  );
}

function cellsOf(part: DomainPart): [Cell, ...Cell[]] {
  const changed = new Set(part.mutations.map(({ cell }) => cell));
  return [...changed].map((key) => part.cells.get(key) as Cell) as [Cell, ...Cell[]];
}

function lost(session: SessionState, name: string, count: number, cause: unknown): ConflictError {
  const attempts = count === 1 ? "once" : `${count} times in a row`;
  return new ConflictError(`\`${name}\` lost against concurrent changes ${attempts}.`, {
    region: session.region,
    help: "It did not happen: repeat it later.",
    cause,
  });
}

function torn(session: SessionState, part: DomainPart, cause: unknown): IndeterminateError {
  const [cell] = cellsOf(part);
  const what = `the part of it that changes \`${cell.label}\` (${cell.level})`;
  return new IndeterminateError(
    isIndeterminate(cause)
      ? `The transaction committed, but whether ${what} did is not known.`
      : `The transaction committed, but not ${what}.`,
    {
      ...whereabouts(cell, session, "Each level keeps its own promise: change cells of one level, or make it a saga."),
      cause,
    },
  );
}
