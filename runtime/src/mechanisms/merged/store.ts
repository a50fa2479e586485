import type { Mutation, ReplicatedState } from "../../data/data-type.js";
import { replicatedState } from "../../data/replicated-state.js";
import { type Dot, dot, VersionVector } from "../../data/version-vector.js";
import type { CellTable, Conflict, ConflictingWrite, Disk, Reply, Request } from "../machine.js";

/** The mutations of one commit: they become visible together. The unit that replicas send each other. */
export interface Batch {
  /** Id of the operation (or transaction) that a session asked for. */
  readonly operationId: number;
  readonly mutations: readonly Mutation[];
}

type Read = Extract<Request, { kind: "read" }>;
type Commit = Extract<Request, { kind: "commit" }>;

interface StoredCell {
  readonly state: ReplicatedState<unknown>;
  /** In order of application, with the store's sequence number at which each was applied. */
  readonly applied: { readonly sequence: number; readonly mutation: Mutation }[];
}

/** What survives a crash: every applied batch in order, and the hybrid clock. Counts and ids follow from the batches. */
class Durable {
  readonly batches: Batch[] = [];
  clock = 0;

  /** All that anybody's further behaviour depends on: who has taken the same batches in another order behaves alike. */
  essence(): unknown {
    return [this.clock, [...this.batches].sort((a, b) => a.operationId - b.operationId)];
  }
}

/**
 * One replica's conflict-free copies of a domain's cells, whatever carries the mutations between replicas. Its state is
 * a function of the set of batches applied.
 */
export class MergedStore {
  readonly applied: VersionVector;
  private readonly cells = new Map<string, StoredCell>();
  private readonly batchOf = new Map<number, Batch>();
  private readonly operationOf = new Map<Dot, number>();
  private readonly durable: Durable;
  /** Counts applied batches; the version of a cell is the sequence at which it last changed. */
  private sequence = 0;
  private current: VersionVector | undefined;

  constructor(
    private readonly replica: number,
    private readonly replicaCount: number,
    private readonly table: CellTable,
    disk: Disk,
  ) {
    this.applied = VersionVector.empty(replicaCount);
    const durable = (disk.read("store") as Durable | undefined) ?? new Durable();
    disk.write("store", durable);
    this.durable = durable;
    for (const batch of durable.batches) this.install(batch);
  }

  /** Every applied batch, oldest first. */
  get batches(): readonly Batch[] {
    return this.durable.batches;
  }

  read(request: Read): Extract<Reply, { kind: "value" }> {
    const cell = this.cell(request.cell);
    const version = cell.applied.at(-1)?.sequence ?? 0;
    const { snapshot } = request;
    if (snapshot !== undefined && snapshot < version) return this.readPast(request.cell, cell, snapshot);
    const { state } = cell;
    return {
      kind: "value",
      state: state.view(),
      version,
      snapshot: snapshot ?? this.sequence,
      siblings: state.siblings(),
      seen: [],
      visible: this.evidenceAt(snapshot),
    };
  }

  /** Takes a session's mutations, or undefined when an expected version is no longer the current one. */
  commit(request: Commit, nowUs: number): Batch | undefined {
    for (const { cell, version } of request.expected)
      if ((this.cell(cell).applied.at(-1)?.sequence ?? 0) !== version) return undefined;
    const visible = this.visibleAt(request.snapshot);
    let count = this.applied.prefixOf(this.replica);
    const mutations = request.mutations.map(({ cell, operation }): Mutation => {
      count++;
      this.durable.clock = Math.max(nowUs, this.durable.clock + 1);
      const mutation: Mutation = {
        dot: dot(this.replica, count),
        clock: this.durable.clock,
        wallClock: nowUs,
        context: visible.copy(),
        cell,
        operation,
      };
      visible.add(mutation.dot); // a later mutation of the same commit sees this one
      return mutation;
    });
    const batch: Batch = { operationId: request.id, mutations };
    this.apply(batch);
    return batch;
  }

  /** Applies a batch from another replica. False when it had been applied before. */
  apply(batch: Batch): boolean {
    const first = batch.mutations[0];
    if (first === undefined || this.applied.has(first.dot)) return false;
    for (const mutation of batch.mutations) this.durable.clock = Math.max(this.durable.clock, mutation.clock);
    this.durable.batches.push(batch);
    this.install(batch);
    return true;
  }

  hasBatch({ mutations }: Batch): boolean {
    const first = mutations[0];
    return first === undefined || this.applied.has(first.dot);
  }

  /** Everything else follows from that. */
  essence(): unknown {
    return this.durable;
  }

  batchWith(operationId: number): Batch | undefined {
    return this.batchOf.get(operationId);
  }

  /** Batches that a replica with this version vector lacks, oldest first. */
  missingFrom(vector: VersionVector): readonly Batch[] {
    if (vector.includes(this.applied)) return [];
    return this.durable.batches.filter((batch) => !vector.has((batch.mutations[0] as Mutation).dot));
  }

  peek(cell: string): unknown {
    return this.cell(cell).state.view();
  }

  siblings(cell: string): readonly unknown[] {
    return this.cell(cell).state.siblings();
  }

  /** Registers whose merge keeps one of several concurrent values and drops the others. */
  conflicts(): readonly Conflict[] {
    const conflicts: Conflict[] = [];
    for (const [key, { state }] of this.cells) {
      const kept = state.keptMutation();
      const live = state.liveMutations();
      if (kept === undefined || live.length < 2) continue;
      for (const dropped of live)
        if (dropped !== kept) conflicts.push({ cell: key, kept: this.written(kept), dropped: this.written(dropped) });
    }
    return conflicts;
  }

  digest(): string {
    const keys = [...this.cells.keys()].filter((key) => (this.cells.get(key) as StoredCell).applied.length > 0).sort();
    return keys.map((key) => `${key}=${this.table.get(key).type.encode(this.peek(key))}`).join("\n");
  }

  private written({ dot, cell, operation, clock, wallClock }: Mutation): ConflictingWrite {
    const operationId = this.operationOf.get(dot) as number;
    const isByWallClock = this.table.get(cell).options.merge === "last-writer-wins-by-wall-clock";
    return { operationId, value: operation.args[0], stampUs: isByWallClock ? wallClock : clock };
  }

  /** What was applied by then: a transaction has seen its snapshot, and nothing that came after it. */
  private visibleAt(snapshot: number = this.sequence): VersionVector {
    if (snapshot === this.sequence) return this.applied.copy();
    const visible = VersionVector.empty(this.replicaCount);
    for (const { mutations } of this.durable.batches.slice(0, snapshot))
      for (const { dot } of mutations) visible.add(dot);
    return visible;
  }

  /** Readers share one copy until something more is applied. */
  private evidenceAt(snapshot: number = this.sequence): VersionVector {
    if (snapshot !== this.sequence) return this.visibleAt(snapshot);
    this.current ??= this.applied.copy();
    return this.current;
  }

  private install(batch: Batch): void {
    this.sequence++;
    this.current = undefined;
    for (const mutation of batch.mutations) {
      const cell = this.cell(mutation.cell);
      cell.state.apply(mutation);
      cell.applied.push({ sequence: this.sequence, mutation });
      this.applied.add(mutation.dot);
      this.operationOf.set(mutation.dot, batch.operationId);
    }
    this.batchOf.set(batch.operationId, batch);
  }

  private cell(key: string): StoredCell {
    const found = this.cells.get(key);
    if (found !== undefined) return found;
    const { type, options } = this.table.get(key);
    const cell: StoredCell = { state: replicatedState(type, options), applied: [] };
    this.cells.set(key, cell);
    return cell;
  }

  /** A transaction's later read: the cell has changed since its snapshot, so its older state is computed again. */
  private readPast(key: string, cell: StoredCell, snapshot: number): Extract<Reply, { kind: "value" }> {
    const { type, options } = this.table.get(key);
    const past = replicatedState(type, options);
    let version = 0;
    for (const { sequence, mutation } of cell.applied) {
      if (sequence > snapshot) break;
      past.apply(mutation);
      version = sequence;
    }
    const visible = this.evidenceAt(snapshot);
    return { kind: "value", state: past.view(), version, snapshot, siblings: past.siblings(), seen: [], visible };
  }
}
