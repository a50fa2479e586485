import type { CallEvent, FaultEvent, MergeEvent, OperationEvent, Trace } from "../simulation/trace.js";
import type { Finding } from "./violation.js";

/** A trace as causes look at it: the workload's operations, those on the violated cells first. */
export class Story {
  readonly operations: readonly OperationEvent[];
  /** What the violated judgement, or another one like it, has read. */
  readonly judgedReads: readonly OperationEvent[];
  readonly merges: readonly MergeEvent[];
  private readonly faults: readonly FaultEvent[];
  /** Of the cells of this label: mostly one, but objects of two classes may have one identity. */
  private readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly mechanisms: ReadonlyMap<string, string | undefined>;
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
    this.mechanisms = new Map((trace.cells ?? []).map(({ cell, mechanism }) => [cell, mechanism]));
    this.faults = trace.events.filter((event) => event.kind === "fault");
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

  mechanismOf(cell: string): string | undefined {
    return this.mechanisms.get(cell);
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

  /** Whether the network kept the operation from those whom it needed. */
  isCutOff({ error, atUs, endUs }: OperationEvent): boolean {
    const cuts = this.faults.filter(({ fault }) => cutting.has(fault));
    const begun = cuts.filter((event) => event.phase === "start" && event.atUs <= (endUs ?? atUs)).length;
    const healed = cuts.filter((event) => event.phase === "end" && event.atUs < atUs).length;
    return error !== undefined && error !== "rolled back" && begun > healed;
  }

  /** How a reader names the code that did it: `transfer`, or the operation itself. */
  actor(operation: OperationEvent): string {
    const method = this.call(operation)?.method;
    return method === undefined ? `\`${operation.cell}.${operation.operation}\`` : `\`${method}\``;
  }
}

/** Faults after which some cannot be reached. */
const cutting: ReadonlySet<string> = new Set([
  "partition",
  "isolate",
  "isolateLeader",
  "cut",
  "bridge",
  "crash",
  "pause",
]);
