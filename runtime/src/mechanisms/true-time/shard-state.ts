import type { CellTable } from "../machine.js";
import { Locks } from "./locks.js";
import type { ShardCommand } from "./messages.js";
import { type CellsSnapshot, TimestampedCells } from "./timestamped-cells.js";
import type { Sharding, Transaction } from "./transaction.js";

/** How a transaction ended in a shard. The same on every replica, since it depends on the shard's log alone. */
export type Outcome =
  | { readonly kind: "committed"; readonly timestamp: number; readonly results: readonly unknown[] }
  | { readonly kind: "conflict" };

/** Validated and locked: this shard can commit it, and will if the coordinator says so. */
export interface Prepared {
  readonly transaction: Transaction;
  /** What of it concerns this shard. */
  readonly part: Transaction;
  readonly timestamp: number;
  /** What this shard's mutations give, in their order. */
  readonly results: readonly unknown[];
}

/** All of it, in the place of the log that led to it. Never changes. */
export interface ShardSnapshot {
  readonly assigned: number;
  readonly highest: number;
  readonly committed: number;
  readonly cells: CellsSnapshot;
  readonly prepared: readonly (readonly [transaction: number, prepared: Prepared])[];
  readonly outcomes: readonly (readonly [transaction: number, outcome: Outcome])[];
}

/** The replicated state machine of one shard: its log applied, in order. */
export class ShardState {
  readonly cells: TimestampedCells;
  locks = new Locks();
  readonly prepared = new Map<number, Prepared>();
  /** Up to here, records that this shard's leaders give timestamps to are applied: later ones get later timestamps. */
  assigned = 0;
  /** The highest timestamp that appears in the log, those given elsewhere included. */
  highest = 0;
  /** The highest timestamp of a commit. */
  committed = 0;
  private readonly outcomes = new Map<number, Outcome>();

  constructor(
    table: CellTable,
    private readonly shard: number,
    private readonly sharding: Sharding,
  ) {
    this.cells = new TimestampedCells(table);
  }

  outcomeOf(transaction: number): Outcome | undefined {
    return this.outcomes.get(transaction);
  }

  apply(command: ShardCommand): void {
    const { record } = command;
    switch (record.kind) {
      case "commit":
        this.noteAssigned(record.timestamp);
        this.commit(record.transaction, command, record.timestamp);
        break;
      case "prepare":
        this.noteAssigned(record.timestamp);
        this.prepare(record.transaction, record.timestamp);
        break;
      case "refuse":
        if (!this.isKnown(record.transaction)) this.outcomes.set(record.transaction, { kind: "conflict" });
        break;
      case "decide":
        this.decide(record.transaction, record.timestamp, record.results);
        break;
    }
  }

  /** Prepared or decided, or refused. */
  isKnown(transaction: number): boolean {
    return this.prepared.has(transaction) || this.outcomes.has(transaction);
  }

  /** Prepared transactions that are going to change a cell and may commit at a timestamp up to this one. */
  mayChange(cell: string, timestamp: number): boolean {
    return this.locks.writersOf(cell).some((id) => (this.prepared.get(id) as Prepared).timestamp <= timestamp);
  }

  /** The lowest timestamp at which a prepared transaction may commit. */
  get lowestPrepared(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const { timestamp } of this.prepared.values()) lowest = Math.min(lowest, timestamp);
    return lowest;
  }

  snapshot(): ShardSnapshot {
    const { assigned, highest, committed } = this;
    const cells = this.cells.snapshot();
    return { assigned, highest, committed, cells, prepared: [...this.prepared], outcomes: [...this.outcomes] };
  }

  restore({ assigned, highest, committed, cells, prepared, outcomes }: ShardSnapshot): void {
    Object.assign(this, { assigned, highest, committed, locks: new Locks() });
    this.cells.restore(cells);
    this.prepared.clear();
    this.outcomes.clear();
    for (const [id, outcome] of outcomes) this.outcomes.set(id, outcome);
    for (const [id, one] of prepared) {
      this.prepared.set(id, one);
      this.locks.acquire(id, one.part);
    }
  }

  private commit(id: number, { expected, mutations }: ShardCommand, timestamp: number): void {
    if (this.isKnown(id)) return;
    this.refuseIfLocked({ expected, mutations });
    if (!this.cells.areCurrent(expected)) this.outcomes.set(id, { kind: "conflict" });
    else this.mutate(id, mutations, timestamp);
  }

  private prepare(transaction: Transaction, timestamp: number): void {
    const { id } = transaction;
    if (this.isKnown(id)) return;
    const part = this.sharding.partOf(transaction, this.shard);
    this.refuseIfLocked(part);
    if (!this.cells.areCurrent(part.expected)) {
      this.outcomes.set(id, { kind: "conflict" });
      return;
    }
    this.locks.acquire(id, part);
    this.prepared.set(id, { transaction, part, timestamp, results: this.cells.resultsOf(part.mutations) });
  }

  private decide(id: number, timestamp: number | undefined, results: readonly unknown[]): void {
    const prepared = this.prepared.get(id);
    if (prepared === undefined) return;
    this.prepared.delete(id);
    this.locks.release(id, prepared.part);
    if (timestamp === undefined) this.outcomes.set(id, { kind: "conflict" });
    else {
      this.highest = Math.max(this.highest, timestamp);
      this.mutate(id, prepared.part.mutations, timestamp, results);
    }
  }

  private mutate(id: number, mutations: Transaction["mutations"], timestamp: number, all?: readonly unknown[]): void {
    const results = this.cells.mutate(mutations, timestamp);
    this.committed = Math.max(this.committed, timestamp);
    this.outcomes.set(id, { kind: "committed", timestamp, results: all ?? results });
  }

  private noteAssigned(timestamp: number): void {
    if (timestamp <= this.highest) throw new Error(`timestamp ${timestamp} does not follow ${this.highest}`);
    this.assigned = timestamp;
    this.highest = timestamp;
  }

  /** Leaders propose only what no lock stands in the way of, and they know all locks. */
  private refuseIfLocked(part: Pick<Transaction, "expected" | "mutations">): void {
    if (this.locks.conflicting(part).length > 0) throw new Error("a prepared transaction holds these cells");
  }
}
