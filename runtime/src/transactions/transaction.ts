import { requestRead, whereabouts } from "../cells/requests.js";
import type { Operation } from "../data/data-type.js";
import type { Cell, SessionState, ValueReply } from "../deployment/deployment.js";
import { ConflictError, type FaultlineError, LevelError } from "../errors.js";
import type { SagaLog, SagaStep } from "./saga-log.js";

/** What a transaction did in one domain. */
export interface DomainPart {
  readonly domain: string;
  readonly data: "commands" | "merged";
  readonly cells: ReadonlyMap<string, Cell>;
  readonly mutations: readonly { readonly cell: string; readonly operation: Operation }[];
  /** The versions that reads came from. */
  readonly versions: readonly { readonly cell: string; readonly version: number }[];
  /** What its reads came from; undefined while there are none. */
  readonly snapshot: number | undefined;
}

/**
 * One attempt at an optimistic transaction (Kung and Robinson, On Optimistic Methods for Concurrency Control, TODS
 * 1981): reads come from one snapshot a domain, writes are kept back, and the versions read are validated by the
 * commit. Because of the snapshot the body never sees a state that did not exist, also where the attempt then fails.
 */
export class Transaction {
  private readonly parts = new Map<string, Part>();
  /** Operations are refused from then on. */
  ended = false;
  doomedBy: FaultlineError | undefined;
  /** Not once an operation below sequential was performed: running the body again would repeat it. */
  mayRepeat = true;
  /** What the saga around it learns once it has committed. */
  readonly steps: SagaStep[] = [];

  constructor(
    private readonly session: SessionState,
    /** The observer's id, the same for all attempts. */
    readonly id: number,
    readonly saga: SagaLog | undefined,
  ) {}

  /** What the snapshot has. */
  read(cell: Cell): Promise<ValueReply> {
    return this.partOf(cell).load(cell);
  }

  /** A cell that was read as the transaction sees it: the snapshot, then its own writes. */
  stateOf(cell: Cell): unknown {
    this.refuseAfterEnd(cell);
    return this.partOf(cell).stateOf(cell);
  }

  write(cell: Cell, operation: Operation): void {
    this.refuseAfterEnd(cell);
    this.partOf(cell).write(cell, operation);
  }

  /** A failed operation cannot be undone by ignoring it: the body may have gone on without what it wanted to do. */
  doom(error: FaultlineError): void {
    this.doomedBy ??= error;
  }

  refuseAfterEnd(cell: Cell): void {
    if (!this.ended) return;
    throw new LevelError(
      `\`${cell.label}\` was used by a transaction that has ended.`,
      whereabouts(cell, this.session, "Await every operation inside the @Transaction() method."),
    );
  }

  /** The domains it wrote to, those that may refuse first: one that only merges accepts whatever comes. */
  get written(): readonly DomainPart[] {
    const written = [...this.parts.values()].filter(({ mutations }) => mutations.length > 0);
    if (written.length < 2) return written;
    return [...written.filter(({ data }) => data === "commands"), ...written.filter(({ data }) => data === "merged")];
  }

  private partOf(cell: Cell): Part {
    let part = this.parts.get(cell.domain);
    if (part === undefined) {
      part = new Part(cell.domain, this.session, this.session.deployment.dataOf(cell));
      this.parts.set(cell.domain, part);
    }
    return part;
  }
}

class Part implements DomainPart {
  readonly cells = new Map<string, Cell>();
  readonly mutations: { cell: string; operation: Operation }[] = [];
  readonly versions: { cell: string; version: number }[] = [];
  snapshot: number | undefined;
  private readonly loading = new Map<string, Promise<ValueReply>>();
  private readonly states = new Map<string, unknown>();
  /** The read that fixes the snapshot for all that follow. */
  private first: Promise<ValueReply> | undefined;

  constructor(
    readonly domain: string,
    private readonly session: SessionState,
    readonly data: "commands" | "merged",
  ) {}

  load(cell: Cell): Promise<ValueReply> {
    this.cells.set(cell.key, cell);
    let loading = this.loading.get(cell.key);
    if (loading === undefined) {
      loading = this.request(cell);
      this.loading.set(cell.key, loading);
      this.first ??= loading;
    }
    return loading;
  }

  stateOf({ key }: Cell): unknown {
    return this.states.get(key);
  }

  write(cell: Cell, operation: Operation): void {
    this.cells.set(cell.key, cell);
    this.mutations.push({ cell: cell.key, operation });
    if (this.states.has(cell.key)) {
      this.states.set(cell.key, cell.type.apply(this.states.get(cell.key), operation).state);
    }
  }

  private request(cell: Cell): Promise<ValueReply> {
    if (this.first === undefined) return this.ask(cell, {});
    const { snapshot } = this;
    return snapshot === undefined ? this.first.then((reply) => this.ask(cell, reply)) : this.ask(cell, { snapshot });
  }

  private ask(cell: Cell, { snapshot }: { readonly snapshot?: number }): Promise<ValueReply> {
    const variant = snapshot === undefined ? {} : { snapshot };
    return requestRead(this.session, cell, variant, (answer) => this.loaded(cell, answer));
  }

  private loaded(cell: Cell, reply: ValueReply | "conflict"): ValueReply {
    if (reply === "conflict") throw snapshotGone(this.session, cell);
    this.versions.push({ cell: cell.key, version: reply.version });
    this.snapshot = reply.snapshot;
    let state = reply.state;
    for (const { cell: key, operation } of this.mutations) {
      if (key === cell.key) state = cell.type.apply(state, operation).state;
    }
    this.states.set(cell.key, state);
    return reply;
  }
}

function snapshotGone(session: SessionState, cell: Cell): ConflictError {
  return new ConflictError(
    `The snapshot that \`${cell.label}\` (${cell.level}) was to be read from is gone.`,
    whereabouts(cell, session, "It did not happen: repeat it later."),
  );
}
