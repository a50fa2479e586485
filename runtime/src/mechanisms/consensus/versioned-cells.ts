import type { DataType } from "../../data/data-type.js";
import type { CellTable } from "../machine.js";
import type { Command } from "./messages.js";
import { type Outcome, Outcomes, type OutcomesSnapshot } from "./outcomes.js";

export type { Outcome } from "./outcomes.js";

export interface Version {
  /** Index of the log entry that made it; 0 for the initial state. */
  readonly index: number;
  readonly state: unknown;
}

interface VersionedCell {
  readonly type: DataType;
  /** Oldest first; the first is the initial state, or the last one from before the kept history. */
  readonly versions: Version[];
}

/** The whole state machine as of a log index. Never changes, though it shares states with the cells. */
export interface CellsSnapshot {
  readonly applied: number;
  readonly oldest: number;
  readonly cells: readonly (readonly [key: string, versions: readonly Version[]])[];
  readonly outcomes: OutcomesSnapshot;
}

/**
 * The replicated state machine: cells in their versions, so that any replica can answer a transaction's reads at the
 * transaction's snapshot, and the outcome of each command by id, so that none is applied twice.
 */
export class VersionedCells {
  private readonly cells = new Map<string, VersionedCell>();
  private readonly outcomes = new Outcomes();
  private appliedIndex = 0;
  private oldestIndex = 0;
  private text: string | undefined;

  constructor(private readonly table: CellTable) {}

  /** Index of the last applied log entry. */
  get applied(): number {
    return this.appliedIndex;
  }

  /** The lowest log index whose state is still known. */
  get oldest(): number {
    return this.oldestIndex;
  }

  /**
   * Entries come in the order of the log. The outcome of a command applied before is the recorded one, or undefined if
   * it is not kept any more.
   */
  apply(index: number, command: Command | undefined): Outcome | undefined {
    if (index !== this.appliedIndex + 1) throw new Error(`entry ${index} cannot follow ${this.appliedIndex}`);
    this.appliedIndex = index;
    if (command === undefined) return undefined;
    if (this.outcomes.has(command.id)) return this.outcomes.recentOutcome(command.id);
    const outcome = this.isCurrent(command) ? this.mutate(index, command) : ({ kind: "conflict", index } as const);
    this.outcomes.record(command.id, outcome);
    return outcome;
  }

  /** Whether the command has had its turn, whatever came of it. */
  isApplied(id: number): boolean {
    return this.outcomes.has(id);
  }

  /** Undefined if the command has not been applied, or so long ago that its results are not kept. */
  outcomeOf(id: number): Outcome | undefined {
    return this.outcomes.recentOutcome(id);
  }

  /** The log index at which a command took effect. */
  positionOf(id: number): number | undefined {
    return this.outcomes.positionOf(id);
  }

  has(id: number): boolean {
    return this.outcomes.positionOf(id) !== undefined;
  }

  /** The version of a cell as of a log index that is not before `oldest`. */
  versionAt(cell: string, index: number): Version {
    const { versions } = this.cell(cell);
    // From the end: snapshots are nearly always recent.
    for (let at = versions.length - 1; at > 0; at--) {
      const version = versions[at] as Version;
      if (version.index <= index) return version;
    }
    return versions[0] as Version;
  }

  latest(cell: string): Version {
    const { versions } = this.cell(cell);
    return versions.at(-1) as Version;
  }

  /** Canonical text of all cells that have ever changed. */
  digest(): string {
    if (this.text !== undefined) return this.text;
    const lines: string[] = [];
    for (const [key, { type, versions }] of this.cells) {
      if ((versions.at(-1) as Version).index > 0)
        lines.push(`${key}=${type.encode((versions.at(-1) as Version).state)}`);
    }
    this.text = lines.sort().join("\n");
    return this.text;
  }

  /** Drops versions and results that only reads at, and copies of, what lies before a log index would need. */
  forgetBefore(index: number): void {
    if (index <= this.oldestIndex) return;
    this.oldestIndex = index;
    this.outcomes.forgetResults(index);
    for (const { versions } of this.cells.values()) {
      let kept = versions.length - 1;
      while (kept > 0 && (versions[kept] as Version).index > index) kept--;
      if (kept > 0) versions.splice(0, kept);
    }
  }

  snapshot(): CellsSnapshot {
    const cells: [string, readonly Version[]][] = [];
    for (const [key, { versions }] of this.cells) {
      if ((versions.at(-1) as Version).index > 0) cells.push([key, versions.slice()]);
    }
    return { applied: this.appliedIndex, oldest: this.oldestIndex, cells, outcomes: this.outcomes.snapshot() };
  }

  restore({ applied, oldest, cells, outcomes }: CellsSnapshot): void {
    this.cells.clear();
    for (const [key, versions] of cells)
      this.cells.set(key, { type: this.table.get(key).type, versions: [...versions] });
    this.outcomes.restore(outcomes);
    this.appliedIndex = applied;
    this.oldestIndex = oldest;
    this.text = undefined;
  }

  /** How much is kept, for tests of its bound. */
  get size(): { readonly versions: number; readonly results: number } {
    let versions = 0;
    for (const cell of this.cells.values()) versions += cell.versions.length;
    return { versions, results: this.outcomes.recentCount };
  }

  private isCurrent(command: Command): boolean {
    for (const { cell, version } of command.expected) if (this.latest(cell).index !== version) return false;
    return true;
  }

  private mutate(index: number, command: Command): Outcome {
    const results: unknown[] = [];
    for (const { cell, operation } of command.mutations) {
      const { type, versions } = this.cell(cell);
      const current = versions.at(-1) as Version;
      const { state, result } = type.apply(current.state, operation);
      results.push(result);
      // A mutation that changes nothing (a compare-and-set that fails) makes no version and so no conflict.
      if (state === current.state) continue;
      if (current.index === index) versions.pop();
      versions.push({ index, state });
      this.text = undefined;
    }
    return { kind: "committed", index, results };
  }

  private cell(key: string): VersionedCell {
    let cell = this.cells.get(key);
    if (cell === undefined) {
      const { type, options } = this.table.get(key);
      cell = { type, versions: [{ index: 0, state: type.initial(options) }] };
      this.cells.set(key, cell);
    }
    return cell;
  }
}
