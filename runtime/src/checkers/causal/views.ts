import type { Mutation, ReplicatedState } from "../../data/data-type.js";
import { dataType } from "../../data/index.js";
import { replicatedState } from "../../data/replicated-state.js";
import { equalValues } from "../../data/values.js";
import type { HistoryOperation } from "../../history/history.js";
import { isAtLeast } from "../../levels.js";
import { type Bits, isWithin, listed, noBits, setBit } from "./bits.js";
import { type Evidence, type EvidenceCell, mutates, type Read } from "./evidence.js";

/** A state of a cell, and what it was made of. */
interface View {
  readonly state: ReplicatedState<unknown>;
  readonly applied: Bits;
}

/**
 * States of cells as the data type's function of sets of mutations. Readers of one region mostly see more and more, so
 * the last state of each is kept and only added to.
 */
export class Views {
  private readonly last = new Map<EvidenceCell, Map<string, View>>();

  constructor(
    private readonly evidence: Evidence,
    /** A mutation by its number; undefined where there is none to apply. */
    private readonly mutation: (index: number) => Mutation | undefined,
  ) {}

  /** Whether a read shows what its type makes of a set of mutations, and of what its own transaction did before it. */
  explains(read: Read, set: Bits): boolean {
    const { cell, operation } = read;
    const state = this.view(read, set);
    const { name } = operation.operation;
    if (name === "siblings") {
      const isMerged = read.node.source.transaction || isAtLeast(operation.level, "sequential");
      const values = isMerged ? [this.ownView(read, state.view())] : state.siblings();
      return isSame(values, operation.result);
    }
    const { result } = dataType(cell.type).apply(this.ownView(read, state.view()), operation.operation);
    // An update is recorded with what it read and wrote; it is right where it read the state (data/register.ts).
    return isSame(result, name === "update" ? true : operation.result);
  }

  /** The mutations of a set whose values a read shows: what was overwritten or settled against is not among them. */
  shown(read: Read, set: Bits): Bits {
    const { cell, operation } = read;
    const { name, args } = operation.operation;
    if (cell.type === "register") {
      if (writesBefore(read)) return noBits(this.evidence.words);
      const state = this.view(read, set);
      return this.bitsOf(cell, name === "siblings" ? state.liveMutations() : keptOrLive(state));
    }
    if (cell.type === "set" && name === "has") return this.concerning(args[0], set);
    if (cell.type !== "map" || name === "entries") return set;
    const state = this.view(read, set);
    const key = args[0] as string;
    const isThere = (state.view() as ReadonlyMap<string, unknown>).has(key);
    return isThere && name !== "has" ? this.bitsOf(cell, keptOrLive(state, key)) : this.concerning(key, set);
  }

  /** To be looked at at once: the next view of the cell may be made of it. */
  private view({ cell, node }: Read, set: Bits): ReplicatedState<unknown> {
    let views = this.last.get(cell);
    if (views === undefined) {
      views = new Map();
      this.last.set(cell, views);
    }
    let view = views.get(node.source.region);
    if (view === undefined || !isWithin(view.applied, set)) {
      const state = replicatedState(dataType(cell.type), cell.options ?? { initial: cell.initial });
      view = { state, applied: noBits(this.evidence.words) };
      views.set(node.source.region, view);
    }
    const { state, applied } = view;
    for (let w = 0; w < set.length; w++) {
      let word = (set[w] as number) & ~(applied[w] as number);
      if (word === 0) continue;
      applied[w] = (applied[w] as number) | word;
      for (; word !== 0; word &= word - 1) {
        const mutation = this.mutation(w * 32 + 31 - Math.clz32(word & -word));
        if (mutation !== undefined) state.apply(mutation);
      }
    }
    return state;
  }

  /** A transaction sees its snapshot and then its own writes. */
  private ownView({ cell, node, place }: Read, state: unknown): unknown {
    if (!node.source.transaction) return state;
    let own = state;
    for (let i = 0; i < place; i++) {
      const operation = node.source.operations[i] as HistoryOperation;
      if (operation.cell === cell.key && mutates(operation))
        own = dataType(cell.type).apply(own, operation.operation).state;
    }
    return own;
  }

  private bitsOf(cell: EvidenceCell, mutations: readonly Mutation[]): Bits {
    const bits = noBits(this.evidence.words);
    if (mutations.length === 0) return bits;
    for (const i of cell.mutations) {
      const dot = this.evidence.mutations[i]?.mutation?.dot;
      if (mutations.some((mutation) => mutation.dot === dot)) setBit(bits, i);
    }
    return bits;
  }

  /** Of a set, the mutations of one element or key. */
  private concerning(value: unknown, set: Bits): Bits {
    const bits = noBits(this.evidence.words);
    for (const i of listed(set)) {
      const { mutation } = this.evidence.mutations[i] ?? {};
      if (mutation !== undefined && equalValues(mutation.operation.args[0], value)) setBit(bits, i);
    }
    return bits;
  }
}

/** Then a register shows that write, and nothing of the snapshot. */
function writesBefore({ cell, node, place }: Read): boolean {
  const { transaction, operations } = node.source;
  if (!transaction) return false;
  for (let i = 0; i < place; i++) {
    const operation = operations[i] as HistoryOperation;
    if (operation.cell === cell.key && mutates(operation)) return true;
  }
  return false;
}

function keptOrLive(state: ReplicatedState<unknown>, key?: string): readonly Mutation[] {
  const kept = state.keptMutation(key);
  return kept === undefined ? state.liveMutations(key) : [kept];
}

/** As `equalValues`, without text where plain values or short lists of them are compared. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b)) return equalValues(a, b);
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return equalValues(a, b);
  return true;
}
