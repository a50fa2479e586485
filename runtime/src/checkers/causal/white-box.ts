import { equalValues } from "../../data/values.js";
import { isArbitrated, isSameObject } from "./arbitration.js";
import { addAll, type Bits, highest, lacking, listed, noBits, setBit } from "./bits.js";
import { contextOf, type Evidence, type Known, type Node, type Read } from "./evidence.js";
import { Views } from "./views.js";

/** What is wrong, before it is put into words. */
export type Breach =
  /** A read claims to have seen a mutation that no replica has. */
  | { readonly kind: "unknown"; readonly read: Read }
  /** What a read saw never happened: it failed, or nobody ever asked for it. */
  | { readonly kind: "failed"; readonly read: Read; readonly seen: Known }
  /** What a read (or a mutation's origin) saw was asked for only after it had ended. */
  | { readonly kind: "future"; readonly at: Read | Known; readonly seen: Known }
  /** A read's value is not what its type makes of what it saw. */
  | { readonly kind: "value"; readonly read: Read }
  /** One transaction read a cell from two states. */
  | { readonly kind: "torn"; readonly read: Read; readonly first: Read }
  /** Replicas have something else than what was asked for. */
  | { readonly kind: "altered"; readonly known: Known }
  | { readonly kind: "cycle"; readonly nodes: readonly Node[] }
  /** A read lacks what came before it. */
  | { readonly kind: "missing"; readonly read: Read; readonly missing: Known }
  /** A mutation counts as concurrent with one that came before it, as a read shows. */
  | { readonly kind: "unaware"; readonly later: Known; readonly earlier: Known; readonly read: Read }
  /** What events saw of several objects' arbitration goes in a circle with causality. */
  | { readonly kind: "unsettled"; readonly nodes: readonly Node[] }
  /** Replicas put a mutation before one that it came after. */
  | { readonly kind: "order"; readonly later: Known; readonly earlier: Known };

/** Which mutations an event has to come after: as a reader has to have seen them, as an origin has to build on them. */
export interface Demand {
  ofReads(node: Node): Bits;
  /** Undefined where nothing is asked of mutations. */
  ofMutations(node: Node): Bits | undefined;
}

/**
 * Judges what operations claim to have seen. Evidence is never trusted: what does not fit is a breach, and what was seen
 * and did not have to be is none.
 */
export class WhiteBox {
  private readonly views: Views;

  constructor(private readonly evidence: Evidence) {
    this.views = new Views(evidence, (i) => evidence.mutations[i]?.mutation);
  }

  /** Whether all evidence is sound by itself, which all further judging builds on. */
  integrity(): Breach | undefined {
    for (const known of this.evidence.mutations) {
      const breach = alteration(known) ?? this.impossibleContext(known);
      if (breach !== undefined) return breach;
    }
    const mayBeUnrecorded = this.evidence.nodes.some(
      ({ source }) => source.status === "info" && source.operations.every(({ commit }) => commit === undefined),
    );
    for (const node of this.evidence.nodes)
      for (const read of node.reads) {
        const breach = this.soundness(read, mayBeUnrecorded);
        if (breach !== undefined) return breach;
      }
    return undefined;
  }

  /** The first event that does not come after what it has to, where that shows. */
  breach(demand: Demand): Breach | undefined {
    const suspects: Suspect[] = [];
    for (const node of this.evidence.nodes) {
      if (node.reads.length > 0) {
        const wanted = demand.ofReads(node);
        for (const read of node.reads) {
          const missing = lacking(wanted, read.cell.mask, read.seen);
          if (missing !== undefined && isKnown(read)) suspects.push({ read, missing });
        }
      }
      if (node.own.length > 0) {
        const order = this.order(node, demand, suspects);
        if (order !== undefined) return order;
      }
    }
    return suspects.length === 0 ? undefined : this.shownBy(suspects);
  }

  private soundness(read: Read, mayBeUnrecorded: boolean): Breach | undefined {
    const { node, seen } = read;
    if (read.seesUnknown) return { kind: "unknown", read };
    const { mutations } = this.evidence;
    for (let w = 0; w < seen.length; w++)
      for (let word = seen[w] as number; word !== 0; word &= word - 1) {
        const known = mutations[w * 32 + 31 - Math.clz32(word & -word)] as Known;
        if (known.node !== undefined) {
          if (known.node.invoked > node.completed) return { kind: "future", at: read, seen: known };
        } else if (known.operation !== undefined || !mayBeUnrecorded) return { kind: "failed", read, seen: known };
      }
    if (isKnown(read) && !this.views.explains(read, seen)) return { kind: "value", read };
    read.shows = this.views.shown(read, seen);
    if (!node.source.transaction) return undefined;
    const first = node.reads.find(({ cell }) => cell === read.cell) as Read;
    return first === read || isEqual(first.seen, seen) ? undefined : { kind: "torn", read, first };
  }

  private impossibleContext(known: Known): Breach | undefined {
    const { node, mutation, cell } = known;
    if (node === undefined || mutation === undefined) return undefined;
    for (const i of cell.mutations) {
      const seen = this.evidence.mutations[i] as Known;
      if (seen.mutation === undefined || !mutation.context.has(seen.mutation.dot)) continue;
      if (seen === known || (seen.node !== undefined && seen.node.invoked > node.completed))
        return { kind: "future", at: known, seen };
      if (i > known.index && isArbitrated(known.cell) && isSameObject(seen, known))
        return { kind: "order", later: known, earlier: seen };
    }
    return undefined;
  }

  /** Arbitration has to agree with what came before. What lacks in a mutation's context is only noted. */
  private order(node: Node, demand: Demand, suspects: Suspect[]): Breach | undefined {
    const past = demand.ofMutations(node);
    if (past === undefined) return undefined;
    for (const i of node.own) {
      const later = this.evidence.mutations[i] as Known;
      if (later.mutation === undefined) continue;
      if (highest(past) > i && isArbitrated(later.cell)) {
        const after = listed(past)
          .filter((j) => j > i)
          .map((j) => this.evidence.mutations[j] as Known);
        const earlier = after.find((known) => known.mutation !== undefined && isSameObject(known, later));
        if (earlier !== undefined) return { kind: "order", later, earlier };
      }
      const missing = lacking(past, later.cell.mask, contextOf(later, this.evidence));
      if (missing !== undefined) suspects.push({ later, missing });
    }
    return undefined;
  }

  /**
   * Where every read shows the very value that it would show had nothing been missing, no client can tell: then there is
   * an explanation in which nothing was.
   */
  private shownBy(suspects: readonly Suspect[]): Breach | undefined {
    const { mutations, words } = this.evidence;
    const completed = new Map<number, Known["mutation"]>();
    const unaware = new Map<number, Bits>();
    const wanted = new Map<Read, Bits>();
    for (const suspect of suspects) {
      if ("read" in suspect) {
        wanted.set(suspect.read, suspect.missing);
        continue;
      }
      const { later, missing } = suspect;
      unaware.set(later.index, missing);
      const context = later.mutation?.context.copy();
      for (const i of listed(missing)) {
        const dot = mutations[i]?.mutation?.dot;
        if (dot !== undefined) context?.add(dot);
      }
      if (later.mutation !== undefined && context !== undefined)
        completed.set(later.index, { ...later.mutation, context });
    }
    const views = new Views(this.evidence, (i) => completed.get(i) ?? mutations[i]?.mutation);
    const cells = new Set(suspects.map((suspect) => ("read" in suspect ? suspect.read.cell : suspect.later.cell)));
    for (const read of this.evidence.reads) {
      if (!cells.has(read.cell) || !isKnown(read)) continue;
      const missing = wanted.get(read);
      const set = read.seen.slice();
      if (missing !== undefined) addAll(set, missing);
      const isLost = missing !== undefined && listed(missing).some((i) => mutations[i]?.mutation === undefined);
      if (!isLost && views.explains(read, set)) continue;
      if (missing !== undefined) return { kind: "missing", read, missing: this.decisive(read, missing) };
      const [later, lack] = [...unaware].find(([i]) => (set[i >>> 5] as number) & (1 << (i & 31))) ?? [];
      if (later === undefined || lack === undefined) continue;
      const earlier = mutations[listed(lack)[0] as number] as Known;
      return { kind: "unaware", later: mutations[later] as Known, earlier, read };
    }
    void words;
    return undefined;
  }

  /** One that the read would show the lack of by itself, if there is one. */
  private decisive(read: Read, missing: Bits): Known {
    const { mutations, words } = this.evidence;
    const candidates = listed(missing);
    const found = candidates.find((i) => {
      const set = noBits(words);
      addAll(set, read.seen);
      setBit(set, i);
      return mutations[i]?.mutation === undefined || !this.views.explains(read, set);
    });
    return mutations[found ?? (candidates[0] as number)] as Known;
  }
}

type Suspect = { readonly read: Read; readonly missing: Bits } | { readonly later: Known; readonly missing: Bits };

/** Of unknown outcome, only an update that replicas have says what it had read. */
function isKnown({ node, operation }: Read): boolean {
  return node.source.status === "ok" || (operation.operation.name === "update" && node.own.length > 0);
}

function isEqual(a: Bits, b: Bits): boolean {
  return a === b || a.every((word, w) => word === b[w]);
}

/** An update travels as the write of what it made of the value. */
function alteration(known: Known): Breach | undefined {
  const { mutation, operation } = known;
  if (mutation === undefined || operation === undefined) return undefined;
  const asked = operation.operation;
  const { name, args } = mutation.operation;
  if (mutation.operation === asked) return undefined;
  const isSame =
    asked.name === "update"
      ? equalValues(args.at(-1), asked.args.at(-1)) && (args.length < 2 || args[0] === asked.args[0])
      : name === asked.name &&
        args.length === asked.args.length &&
        args.every((arg, i) => equalValues(arg, asked.args[i]));
  return isSame && operation.cell === mutation.cell ? undefined : { kind: "altered", known };
}
