import type { Cell, OperationStart } from "../deployment/deployment.js";

interface Mutation {
  readonly operation: number;
  readonly commit: number;
}

/** Tells which commits to that cell the replica of that region has applied. */
export type AppliedTo = (cell: Cell, region: string) => (commit: number) => boolean;

/** What has changed cells so far, for what operations have not seen of it. */
export class TracedMutations {
  private readonly byCell = new Map<string, Mutation[]>();
  private readonly operations = new Map<number, number>();
  /** By operation, where it can be seen whether it took effect. */
  private readonly placed = new Map<number, { readonly cell: Cell; readonly commit: number }>();

  constructor(private readonly appliedTo: AppliedTo) {}

  add(operation: number, { cell }: OperationStart, commit: number): void {
    const known = this.byCell.get(cell.key);
    if (known === undefined) this.byCell.set(cell.key, [{ operation, commit }]);
    else known.push({ operation, commit });
    this.operations.set(commit, operation);
    this.placed.set(operation, { cell, commit });
  }

  /** Whether any of the replicas has it now. */
  tookEffect(operation: number, regions: readonly string[]): boolean {
    const { cell, commit } = this.placed.get(operation) ?? {};
    if (cell === undefined || commit === undefined) return false;
    return regions.some((region) => this.appliedTo(cell, region)(commit));
  }

  /** Ids of the operations whose change of the cell is not where this one has looked. */
  unseenBy({ cell, level, mutates }: OperationStart, region: string): readonly number[] {
    // What is ordered before it takes effect has seen all that comes before it.
    if (level === "linearizable" || (level === "sequential" && mutates)) return [];
    const isApplied = this.appliedTo(cell, region);
    const known = this.byCell.get(cell.key) ?? [];
    return known.filter(({ commit }) => !isApplied(commit)).map(({ operation }) => operation);
  }

  /** The id of the operation that a commit carried last. */
  operationOf(commit: number): number | undefined {
    return this.operations.get(commit);
  }
}
