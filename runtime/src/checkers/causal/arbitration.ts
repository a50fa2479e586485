import { type Bits, highest, listed } from "./bits.js";
import type { Evidence, EvidenceCell, Known, Node, Read } from "./evidence.js";
import { topological } from "./patterns.js";

/** Sums and sets come out the same in every order. */
export const isArbitrated = ({ type }: EvidenceCell): boolean => type !== "counter" && type !== "set";

/** A map is as many registers as it has keys. */
export function isSameObject(a: Known, b: Known): boolean {
  if (a.cell !== b.cell) return false;
  return a.cell.type !== "map" || a.mutation?.operation.args[0] === b.mutation?.operation.args[0];
}

/**
 * Events that causality and arbitration together put in a circle, over several objects: what each read shows of one
 * object's arbitration is an edge (CyclicCF of Bouajjani et al. 2017). Clocks that agree with causality rule it out at
 * once; those of a session that moved between skewed replicas may not.
 */
export function arbitrationCycle(evidence: Evidence, past: (node: Node) => Bits): readonly Node[] | undefined {
  const { nodes, mutations, reads } = evidence;
  const isInverted = ({ index, mutation, node }: Known) =>
    mutation !== undefined && node !== undefined && highest(past(node)) > index;
  if (!mutations.some(isInverted)) return undefined;
  const before = nodes.map((node) => new Set(causes(node, evidence)));
  for (const read of reads)
    for (const [earlier, later] of shownOrder(read, evidence, past(read.node))) before[later.index]?.add(earlier.index);
  const { cycle } = topological(nodes.length, (i) => [...(before[i] ?? [])]);
  return cycle?.map((i) => nodes[i] as Node);
}

function causes(node: Node, { nodes, mutations }: Evidence): number[] {
  const direct: number[] = [];
  for (let i = node.before; i >= 0; i = (nodes[i] as Node).previous) direct.push(i);
  for (const { shows } of node.reads)
    for (const i of listed(shows)) {
      const source = mutations[i]?.node;
      if (source !== undefined && source !== node) direct.push(source.index);
    }
  return direct;
}

/** Of each object in a cell, what a read's mutations stand after, as far as the read depends on it. */
function shownOrder(read: Read, { mutations }: Evidence, past: Bits): [Node, Node][] {
  const { cell, seen, shows } = read;
  if (!isArbitrated(cell)) return [];
  const visible = seen.map((word, w) => word | ((past[w] as number) & (cell.mask[w] as number)));
  const all = listed(visible).map((i) => mutations[i] as Known);
  const pairs: [Node, Node][] = [];
  for (const i of listed(shows)) {
    const shown = mutations[i] as Known;
    const earlier = all.filter((known) => known.index < i && isSameObject(known, shown));
    // A log shows the order of all its entries, a register only that the last one is the last.
    for (const known of cell.type === "log" ? earlier.slice(-1) : earlier)
      if (known.node !== undefined && shown.node !== undefined && known.node !== shown.node)
        pairs.push([known.node, shown.node]);
  }
  return pairs;
}
