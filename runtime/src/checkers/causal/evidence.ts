import { compareArbitration, type Mutation } from "../../data/data-type.js";
import { dataType } from "../../data/index.js";
import { countOf, type Dot, replicaOf, type VersionVector } from "../../data/version-vector.js";
import type { History, HistoryCell, HistoryEvent, HistoryMutation, HistoryOperation } from "../../history/history.js";
import { type Bits, noBits, setBit } from "./bits.js";
import { type Interval, orderOf } from "./order.js";

/** A history with what its mechanism says of each operation, made comparable. Numbers are places in the lists here. */
export interface Evidence {
  /** Of a set of mutations. */
  readonly words: number;
  /** What happened or may have happened: those that completed first, in that order. */
  readonly nodes: readonly Node[];
  /** In arbitration order; then those that were acknowledged and that no replica has. */
  readonly mutations: readonly Known[];
  readonly reads: readonly Read[];
}

/** An event: its reads, then its mutations. */
export interface Node {
  readonly index: number;
  readonly source: HistoryEvent;
  readonly invoked: number;
  readonly completed: number;
  /** The last event of its session that had completed when it was invoked; -1 if there was none. */
  readonly before: number;
  /** The one that completed before it in its session; -1 for the first. */
  readonly previous: number;
  readonly reads: Read[];
  readonly own: number[];
}

/** A mutation, with the event that asked for it: undefined where no event of the history did. */
export interface Known {
  readonly index: number;
  readonly cell: EvidenceCell;
  /** Undefined if no replica has it. */
  readonly mutation: HistoryMutation | undefined;
  node: Node | undefined;
  operation: HistoryOperation | undefined;
}

export interface EvidenceCell extends HistoryCell {
  /** Its mutations. */
  readonly mutations: number[];
  readonly mask: Bits;
}

export interface Read {
  readonly node: Node;
  readonly operation: HistoryOperation;
  /** Its place among the operations of its event. */
  readonly place: number;
  readonly cell: EvidenceCell;
  /** The mutations of its cell that it says it saw. */
  readonly seen: Bits;
  /** Whether it says it saw some that no replica has. */
  readonly seesUnknown: boolean;
  /** Those whose values it shows; known once its value was looked at. */
  shows: Bits;
}

/** What an unreadable ledger shows: two mutations with one identity. */
export interface Duplicate {
  readonly first: HistoryMutation;
  readonly second: HistoryMutation;
}

/** Undefined where some completed operation comes without evidence. */
export function evidenceOf(history: History): Evidence | Duplicate | undefined {
  if (history.mutations === undefined || !isComplete(history)) return undefined;
  return new Compilation(history, history.mutations).run();
}

export const isDuplicate = (evidence: Evidence | Duplicate): evidence is Duplicate => "second" in evidence;

const changes: ReadonlySet<string> = new Set(
  (["register", "counter", "set", "map", "log"] as const).flatMap((name) => [...dataType(name).mutations]),
);
/** They say what they read, and change nothing if that was not what they had expected. */
export const readsAndChanges: ReadonlySet<string> = new Set(["update", "compareAndSet"]);

export function mutates({ operation, result }: HistoryOperation): boolean {
  return changes.has(operation.name) && !(operation.name === "compareAndSet" && result === false);
}

export function isRead({ operation }: HistoryOperation): boolean {
  return !changes.has(operation.name) || readsAndChanges.has(operation.name);
}

function isComplete({ events }: History): boolean {
  for (const { status, operations } of events) {
    if (status !== "ok") continue;
    for (const operation of operations) {
      if (isRead(operation) && operation.visible === undefined) return false;
      if (mutates(operation) && operation.commit === undefined) return false;
    }
  }
  return true;
}

interface Seen {
  readonly bits: Bits;
  readonly isUnknown: boolean;
}

class Compilation {
  private readonly cells = new Map<string, EvidenceCell>();
  private readonly mutations: Known[] = [];
  private readonly byCommit = new Map<number, Known[]>();
  /** Replicas' readers share one vector until something more is applied. */
  private readonly seen = new Map<VersionVector, Seen>();
  private readonly words: number;
  private readonly ordered: readonly HistoryMutation[];

  constructor(
    private readonly history: History,
    ledger: readonly HistoryMutation[],
  ) {
    this.ordered = [...ledger].sort(compareArbitration);
    let possible = ledger.length;
    for (const { operations } of history.events) possible += operations.length;
    this.words = (possible >>> 5) + 1;
  }

  run(): Evidence | Duplicate {
    const { history, words, mutations, cells } = this;
    for (const cell of history.cells) cells.set(cell.key, { ...cell, mutations: [], mask: noBits(words) });
    const dots = new Map<Dot, HistoryMutation>();
    for (const mutation of this.ordered) {
      const first = dots.get(mutation.dot);
      if (first !== undefined) return { first, second: mutation };
      dots.set(mutation.dot, mutation);
      this.learn(mutation.cell, mutation);
    }
    const nodes = this.nodes();
    const reads: Read[] = [];
    for (const node of nodes) {
      for (let place = 0; place < node.source.operations.length; place++) this.readAt(place, node);
      for (const read of node.reads) reads.push(read);
    }
    return { words, nodes, mutations, reads };
  }

  private learn(key: string, mutation: HistoryMutation | undefined): Known {
    const cell = this.cell(key);
    const known: Known = { index: this.mutations.length, cell, mutation, node: undefined, operation: undefined };
    this.mutations.push(known);
    cell.mutations.push(known.index);
    setBit(cell.mask, known.index);
    if (mutation === undefined) return known;
    const carried = this.byCommit.get(mutation.commit);
    if (carried === undefined) this.byCommit.set(mutation.commit, [known]);
    else carried.push(known);
    return known;
  }

  private nodes(): Node[] {
    const order = orderOf(this.history);
    const places: (Interval & { readonly source: HistoryEvent })[] = [];
    for (const source of this.history.events) {
      if (source.status === "fail") continue;
      const { invoked, completed } = order(source);
      places.push({ source, invoked, completed });
    }
    places.sort((a, b) =>
      a.completed === b.completed ? a.source.id - b.source.id : a.completed < b.completed ? -1 : 1,
    );
    const nodes: Node[] = [];
    const last = new Map<number, number>();
    for (const { source, invoked, completed } of places) {
      const previous = last.get(source.session) ?? -1;
      let before = previous;
      while (before >= 0 && !precedes(nodes[before] as Node, source, invoked))
        before = (nodes[before] as Node).previous;
      const node: Node = { index: nodes.length, source, invoked, completed, before, previous, reads: [], own: [] };
      nodes.push(node);
      if (completed !== Number.POSITIVE_INFINITY) last.set(source.session, node.index);
      this.claim(node);
    }
    for (const event of this.history.events) if (event.status === "fail") this.claimFailed(event);
    return nodes;
  }

  /** The mutations that the event's operations stand for: those of a commit are in the order of its operations. */
  private claim(node: Node): void {
    let count: Map<number, number> | undefined;
    const { operations, status } = node.source;
    for (const operation of operations) {
      const { commit } = operation;
      if (commit === undefined || !mutates(operation)) continue;
      const place = count?.get(commit) ?? 0;
      if (operations.length > 1) {
        count ??= new Map();
        count.set(commit, place + 1);
      }
      let known = this.byCommit.get(commit)?.[place];
      if (known === undefined) {
        if (status !== "ok") continue;
        known = this.learn(operation.cell, undefined);
      }
      known.node = node;
      known.operation = operation;
      node.own.push(known.index);
    }
  }

  private claimFailed({ operations }: HistoryEvent): void {
    const count = new Map<number, number>();
    for (const operation of operations) {
      const { commit } = operation;
      if (commit === undefined || !mutates(operation)) continue;
      const place = count.get(commit) ?? 0;
      count.set(commit, place + 1);
      const known = this.byCommit.get(commit)?.[place];
      if (known !== undefined) known.operation ??= operation;
    }
  }

  private readAt(place: number, node: Node): void {
    const operation = node.source.operations[place] as HistoryOperation;
    if (operation.visible === undefined || !isRead(operation)) return;
    const cell = this.cell(operation.cell);
    const { bits, isUnknown } = this.decode(operation.visible);
    const seen = noBits(this.words);
    for (let w = 0; w < seen.length; w++) seen[w] = (bits[w] as number) & (cell.mask[w] as number);
    node.reads.push({ node, operation, place, cell, seen, seesUnknown: isUnknown, shows: seen });
  }

  private decode(visible: VersionVector): Seen {
    let seen = this.seen.get(visible);
    if (seen === undefined) {
      const bits = noBits(this.words);
      let size = 0;
      let replica = -1;
      let prefix = 0;
      for (let i = 0; i < this.ordered.length; i++) {
        const { dot } = this.ordered[i] as Mutation;
        if (replicaOf(dot) !== replica) {
          replica = replicaOf(dot);
          prefix = visible.prefixOf(replica);
        }
        if (countOf(dot) > prefix && !visible.has(dot)) continue;
        setBit(bits, i);
        size++;
      }
      seen = { bits, isUnknown: visible.size > size };
      this.seen.set(visible, seen);
    }
    return seen;
  }

  private cell(key: string): EvidenceCell {
    const cell = this.cells.get(key);
    if (cell === undefined) throw new TypeError(`The history names a cell "${key}" that it does not declare.`);
    return cell;
  }
}

/** Events of one process never overlap, whatever their times say. */
function precedes(node: Node, event: HistoryEvent, invoked: number): boolean {
  return node.completed < invoked || (node.source.process === event.process && node.source.id < event.id);
}

/** The mutations of its own cell that a mutation's origin says it had seen. */
export function contextOf({ cell, mutation }: Known, { mutations, words }: Evidence): Bits {
  const context = noBits(words);
  if (mutation === undefined) return context;
  for (const i of cell.mutations) {
    const other = mutations[i]?.mutation;
    if (other !== undefined && mutation.context.has(other.dot)) setBit(context, i);
  }
  return context;
}
