import type { Transaction } from "./transaction.js";

type Part = Pick<Transaction, "expected" | "mutations">;

interface Lock {
  readonly transaction: number;
  readonly exclusive: boolean;
}

/** Which prepared transactions hold which cells: those that they change alone, those that they have only read together. */
export class Locks {
  private readonly byCell = new Map<string, Lock[]>();

  acquire(transaction: number, part: Part): void {
    for (const [cell, exclusive] of cellsOf(part)) {
      const lock = { transaction, exclusive };
      const held = this.byCell.get(cell);
      if (held === undefined) this.byCell.set(cell, [lock]);
      else held.push(lock);
    }
  }

  release(transaction: number, part: Part): void {
    for (const [cell] of cellsOf(part)) {
      const left = (this.byCell.get(cell) ?? []).filter((lock) => lock.transaction !== transaction);
      if (left.length === 0) this.byCell.delete(cell);
      else this.byCell.set(cell, left);
    }
  }

  /** The transactions whose locks stand in the way of this part. */
  conflicting(part: Part): readonly number[] {
    const holders: number[] = [];
    if (this.byCell.size === 0) return holders;
    for (const [cell, exclusive] of cellsOf(part)) {
      for (const lock of this.byCell.get(cell) ?? []) if (exclusive || lock.exclusive) holders.push(lock.transaction);
    }
    return holders;
  }

  /** The transactions that are going to change a cell. */
  writersOf(cell: string): readonly number[] {
    return (this.byCell.get(cell) ?? []).filter(({ exclusive }) => exclusive).map(({ transaction }) => transaction);
  }
}

/** The cells of a part, and whether it changes them. */
function cellsOf({ expected, mutations }: Part): ReadonlyMap<string, boolean> {
  const cells = new Map<string, boolean>();
  for (const { cell } of expected) cells.set(cell, false);
  for (const { cell } of mutations) cells.set(cell, true);
  return cells;
}
