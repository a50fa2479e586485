import type { CallEvent, MergeEvent, OperationEvent, Trace } from "../simulation/trace.js";
import type { Finding } from "./violation.js";

/** A trace as causes look at it: the workload's operations, those on the violated cells first. */
export class Story {
  readonly operations: readonly OperationEvent[];
  /** What the violated judgement, or another one like it, has read. */
  readonly judgedReads: readonly OperationEvent[];
  readonly merges: readonly MergeEvent[];
  /** Of the cells of this label: mostly one, but objects of two classes may have one identity. */
  private readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly calls: ReadonlyMap<number, CallEvent>;
  private readonly byId: ReadonlyMap<number, OperationEvent>;

  constructor(
    readonly found: Finding,
    trace: Trace,
  ) {
    const all = trace.events.filter((event) => event.kind === "operation");
    this.byId = new Map(all.map((operation) => [operation.id, operation]));
    this.operations = all.filter((operation) => !operation.setup && !operation.judging);
    this.judgedReads = all.filter((operation) => operation.judging && !operation.mutates);
    this.calls = new Map(trace.events.flatMap((event) => (event.kind === "call" ? [[event.id, event]] : [])));
    const fields = new Map<string, Set<string>>();
    for (const { cell, field } of trace.cells ?? [])
      if (field !== undefined) fields.set(cell, (fields.get(cell) ?? new Set()).add(field));
    this.fields = fields;
    this.merges = trace.events.filter((event) => event.kind === "merge");
  }

  operation(id: number): OperationEvent | undefined {
    return this.byId.get(id);
  }

  /** The operations of history events; a `check`'s own reads too. */
  operationsOf(events: readonly number[]): readonly OperationEvent[] {
    return [...this.byId.values()].filter(({ id, transaction }) => events.includes(transaction ?? id));
  }

  /** `carol.incoming` → `Account.incoming`; undefined if it is not known, or not the only one. */
  fieldOf(cell: string): string | undefined {
    const [field, another] = this.fields.get(cell) ?? [];
    return another === undefined ? field : undefined;
  }

  call(operation: OperationEvent): CallEvent | undefined {
    return operation.call === undefined ? undefined : this.calls.get(operation.call);
  }

  /** Whether the violation is about this cell; without any named cells, about all. */
  concerns(cell: string): boolean {
    return this.found.cells.length === 0 || this.found.cells.includes(cell);
  }

  /** Whether the method that did this operation also touched a cell that the violation is about. */
  concernsCallOf(operation: OperationEvent): boolean {
    return this.operations.some((other) => other.call === operation.call && this.concerns(other.cell));
  }

  /** Whether the method read the cell and then wrote it, in two steps. */
  hasLooked({ call, cell, operation }: OperationEvent): boolean {
    if (operation !== "write" || call === undefined) return false;
    return this.operations.some((other) => other.call === call && other.cell === cell && !other.mutates);
  }

  /** How a reader names the code that did it: `transfer`, or the operation itself. */
  actor(operation: OperationEvent): string {
    const method = this.call(operation)?.method;
    return method === undefined ? `\`${operation.cell}.${operation.operation}\`` : `\`${method}\``;
  }
}
