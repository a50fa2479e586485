import type { Cell, SessionState } from "../deployment/deployment.js";
import type { Request } from "../mechanisms/machine.js";
import type { MessageEvent, OperationEvent, OperationRequest } from "../simulation/trace.js";
import type { Causes, TracedRequest } from "./causes.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An operation that has not ended. */
interface Asking {
  readonly id: number;
  readonly session: number;
  readonly cell: string;
  hasAsked: boolean;
}

/** A message of the trace whose operations are told when all commits are known. */
export interface PendingMessage {
  readonly event: Mutable<MessageEvent>;
  readonly request: TracedRequest | undefined;
  /** Ids of the commits that it carries. */
  readonly commits: readonly number[];
}

/**
 * Which operations requests and messages serve. Requests do not say; which commit was whose is known when operations and
 * transactions have ended, so all is told then.
 */
export class Attribution {
  /** In the order in which they were invoked. */
  private readonly asking = new Map<number, Asking>();
  private readonly requests: TracedRequest[] = [];
  private readonly messages: PendingMessage[] = [];
  private readonly operationsOfCommit = new Map<number, readonly number[]>();

  constructor(private readonly causes: Causes) {}

  invoked(id: number, session: SessionState, cell: Cell): void {
    this.asking.set(id, { id, session: session.id, cell: cell.key, hasAsked: false });
  }

  completed(id: number, commit: number | undefined): void {
    this.asking.delete(id);
    if (commit !== undefined) this.committed(commit, [id]);
  }

  committed(commit: number, operations: readonly number[]): void {
    this.operationsOfCommit.set(commit, operations);
  }

  requested(session: SessionState, request: Request): void {
    const cells = request.kind === "read" ? [request.cell] : request.mutations.map(({ cell }) => cell);
    const asking = [...this.asking.values()].filter((each) => each.session === session.id && cells.includes(each.cell));
    // Of a session's operations in flight on one cell it is the one that has just been invoked, else the only one.
    const asker = asking.findLast(({ hasAsked }) => !hasAsked) ?? (asking.length === 1 ? asking[0] : undefined);
    if (asker !== undefined) asker.hasAsked = true;
    this.requests.push(this.causes.requested(request, asker === undefined ? [] : [asker.id]));
  }

  message(message: PendingMessage): void {
    this.messages.push(message);
  }

  /** What replicas have served so far. */
  get served(): readonly Mutable<OperationRequest>[] {
    return this.requests.flatMap(({ served }) => served ?? []);
  }

  tell(operations: ReadonlyMap<number, Mutable<OperationEvent>>): void {
    const requests = new Map<number, OperationRequest[]>();
    for (const request of this.requests)
      for (const id of this.operationsIn(request)) {
        const known = requests.get(id) ?? [];
        if (request.served !== undefined) requests.set(id, [...known, request.served]);
      }
    for (const [id, served] of requests) {
      const event = operations.get(id);
      if (event !== undefined) event.requests = served;
    }
    for (const { event, request, commits } of this.messages) {
      const begun = request === undefined ? [] : this.operationsIn(request);
      const carried = commits.flatMap((commit) => this.operationsOfCommit.get(commit) ?? []);
      const told = new Set([...begun, ...carried].filter((id) => operations.has(id)));
      event.operations = [...told].sort((a, b) => a - b);
    }
  }

  private operationsIn({ commit, operations }: TracedRequest): readonly number[] {
    return (commit === undefined ? undefined : this.operationsOfCommit.get(commit)) ?? operations;
  }
}
