import type { DataType } from "../../data/data-type.js";
import type { CellTable } from "../machine.js";
import type { Command } from "./messages.js";

/** How a command ended. The same on every replica, since it depends on the log alone. */
export type Outcome =
  | { readonly kind: "committed"; readonly index: number; readonly results: readonly unknown[] }
  | { readonly kind: "conflict"; readonly index: number };

export interface Version {
  /** Index of the log entry that made it; 0 for the initial state. */
  readonly index: number;
  readonly state: unknown;
}

interface VersionedCell {
  readonly type: DataType;
  /** Oldest first; the first is the initial state. */
  readonly versions: Version[];
}

/**
 * The replicated state machine: cells in all their versions, so that any replica can answer a transaction's reads at
 * the transaction's snapshot, and the outcome of each command by id, so that none is applied twice.
 */
export class VersionedCells {
  private readonly cells = new Map<string, VersionedCell>();
  private readonly outcomes = new Map<number, Outcome>();
  private appliedIndex = 0;
  private text: string | undefined;

  constructor(private readonly table: CellTable) {}

  /** Index of the last applied log entry. */
  get applied(): number {
    return this.appliedIndex;
  }

  /** Entries come in the order of the log. The outcome of a command applied before is the recorded one. */
  apply(index: number, command: Command | undefined): Outcome | undefined {
    if (index !== this.appliedIndex + 1) throw new Error(`entry ${index} cannot follow ${this.appliedIndex}`);
    this.appliedIndex = index;
    if (command === undefined) return undefined;
    const recorded = this.outcomes.get(command.id);
    if (recorded !== undefined) return recorded;
    const outcome = this.isCurrent(command) ? this.mutate(index, command) : ({ kind: "conflict", index } as const);
    this.outcomes.set(command.id, outcome);
    return outcome;
  }

  outcomeOf(id: number): Outcome | undefined {
    return this.outcomes.get(id);
  }

  /** The log index at which a command took effect. */
  positionOf(id: number): number | undefined {
    const outcome = this.outcomes.get(id);
    return outcome?.kind === "committed" ? outcome.index : undefined;
  }

  has(id: number): boolean {
    return this.outcomes.get(id)?.kind === "committed";
  }

  /** The version of a cell as of a log index. */
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
      if (versions.length > 1) lines.push(`${key}=${type.encode((versions.at(-1) as Version).state)}`);
    }
    this.text = lines.sort().join("\n");
    return this.text;
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
