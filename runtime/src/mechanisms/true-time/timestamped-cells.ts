import type { DataType } from "../../data/data-type.js";
import type { CellTable } from "../machine.js";
import type { Transaction } from "./transaction.js";

export interface Version {
  /** Of the commit that made it; 0 for the initial state. */
  readonly timestamp: number;
  readonly state: unknown;
}

interface Cell {
  readonly type: DataType;
  /** Oldest first; the first is the initial state, or the last one from before what is kept. */
  readonly versions: Version[];
}

/** All cells that have ever changed. Never changes, though it shares states with them. */
export interface CellsSnapshot {
  readonly oldest: number;
  readonly cells: readonly (readonly [key: string, versions: readonly Version[]])[];
}

/** Cells in their versions by timestamp, so that any replica can answer reads at a transaction's snapshot. */
export class TimestampedCells {
  private readonly cells = new Map<string, Cell>();
  private oldestTimestamp = 0;

  constructor(private readonly table: CellTable) {}

  /** The lowest timestamp at which every cell is still known. */
  get oldest(): number {
    return this.oldestTimestamp;
  }

  latest(key: string): Version {
    return this.cell(key).versions.at(-1) as Version;
  }

  /** The newest version that is not newer than a timestamp, which is not before `oldest`. */
  versionAt(key: string, timestamp: number): Version {
    const { versions } = this.cell(key);
    // From the end: snapshots are nearly always recent.
    for (let at = versions.length - 1; at > 0; at--) {
      const version = versions[at] as Version;
      if (version.timestamp <= timestamp) return version;
    }
    return versions[0] as Version;
  }

  areCurrent(expected: Transaction["expected"]): boolean {
    return expected.every(({ cell, version }) => this.latest(cell).timestamp === version);
  }

  /** What each mutation would give, without doing it. */
  resultsOf(mutations: Transaction["mutations"]): readonly unknown[] {
    const states = new Map<string, unknown>();
    return mutations.map(({ cell: key, operation }) => {
      const { type, versions } = this.cell(key);
      const before = states.has(key) ? states.get(key) : (versions.at(-1) as Version).state;
      const { state, result } = type.apply(before, operation);
      states.set(key, state);
      return result;
    });
  }

  mutate(mutations: Transaction["mutations"], timestamp: number): readonly unknown[] {
    return mutations.map(({ cell: key, operation }) => {
      const { type, versions } = this.cell(key);
      const current = versions.at(-1) as Version;
      if (current.timestamp > timestamp) throw new Error(`${key} has a version later than ${timestamp}`);
      const { state, result } = type.apply(current.state, operation);
      // A mutation that changes nothing (a compare-and-set that fails) makes no version and so no conflict.
      if (state !== current.state) {
        if (current.timestamp === timestamp) versions.pop();
        versions.push({ timestamp, state });
      }
      return result;
    });
  }

  /** Canonical text, a line a cell that had changed by then. */
  linesAt(timestamp: number): string[] {
    const lines: string[] = [];
    for (const [key, { type }] of this.cells) {
      const version = this.versionAt(key, timestamp);
      if (version.timestamp > 0) lines.push(`${key}=${type.encode(version.state)}`);
    }
    return lines;
  }

  /** Drops versions that only reads before a timestamp would need. */
  forgetBefore(timestamp: number): void {
    if (timestamp <= this.oldestTimestamp) return;
    this.oldestTimestamp = timestamp;
    for (const { versions } of this.cells.values()) {
      let kept = versions.length - 1;
      while (kept > 0 && (versions[kept] as Version).timestamp > timestamp) kept--;
      versions.splice(0, kept);
    }
  }

  snapshot(): CellsSnapshot {
    const cells = [...this.cells].filter(([, { versions }]) => (versions.at(-1) as Version).timestamp > 0);
    return { oldest: this.oldestTimestamp, cells: cells.map(([key, { versions }]) => [key, versions.slice()]) };
  }

  restore({ oldest, cells }: CellsSnapshot): void {
    this.cells.clear();
    for (const [key, versions] of cells)
      this.cells.set(key, { type: this.table.get(key).type, versions: [...versions] });
    this.oldestTimestamp = oldest;
  }

  private cell(key: string): Cell {
    let cell = this.cells.get(key);
    if (cell === undefined) {
      const { type, options } = this.table.get(key);
      cell = { type, versions: [{ timestamp: 0, state: type.initial(options) }] };
      this.cells.set(key, cell);
    }
    return cell;
  }
}
