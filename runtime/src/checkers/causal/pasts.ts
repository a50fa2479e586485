import { addAll, type Bits, listed, noBits, setBit } from "./bits.js";
import type { Evidence, Known, Node } from "./evidence.js";

/** Events of which each comes before the next, and the last before the first. */
export type Cycle = readonly Node[];

/**
 * What comes causally before each event: session order and reads-from, transitively (Ahamad et al., Causal Memory, 1995,
 * section 2). Events are looked at in order of completion, so what one builds on is known when it is asked for.
 */
export class CausalPasts {
  cycle: Cycle | undefined;
  private readonly pasts: (Bits | undefined)[] = [];
  /** By event: its past, what it did, and the same of all that had completed before it in its session. */
  private readonly sessions: (Bits | undefined)[] = [];
  private readonly stack: Node[] = [];

  constructor(private readonly evidence: Evidence) {}

  /** Mutations before an event, without its own. */
  of(node: Node): Bits {
    const known = this.pasts[node.index];
    if (known !== undefined) return known;
    const { nodes, mutations, words } = this.evidence;
    const past = noBits(words);
    if (this.stack.includes(node)) {
      this.cycle ??= this.stack.slice(this.stack.indexOf(node));
      return past;
    }
    this.stack.push(node);
    if (node.before >= 0) addAll(past, this.upTo(nodes[node.before] as Node));
    for (const { shows } of node.reads) {
      addAll(past, shows);
      for (let w = 0; w < shows.length; w++)
        for (let word = shows[w] as number; word !== 0; word &= word - 1) {
          const { node: source } = mutations[w * 32 + 31 - Math.clz32(word & -word)] as Known;
          if (source === undefined) continue;
          addAll(past, this.of(source));
          for (const own of source.own) setBit(past, own);
        }
    }
    this.stack.pop();
    this.pasts[node.index] = past;
    return past;
  }

  private upTo(node: Node): Bits {
    let joined = this.sessions[node.index];
    if (joined !== undefined) return joined;
    joined = this.of(node).slice();
    for (const own of node.own) setBit(joined, own);
    if (node.previous >= 0) addAll(joined, this.upTo(this.evidence.nodes[node.previous] as Node));
    this.sessions[node.index] = joined;
    return joined;
  }
}

/** What a session itself did and saw before each of its events. */
export class SessionPasts {
  private readonly own: Bits[] = [];
  private readonly read: Bits[] = [];
  private readonly nothing: Bits;

  constructor(private readonly evidence: Evidence) {
    this.nothing = noBits(evidence.words);
    for (const node of evidence.nodes) {
      const own = node.previous < 0 ? noBits(evidence.words) : (this.own[node.previous] as Bits).slice();
      const read = node.previous < 0 ? noBits(evidence.words) : (this.read[node.previous] as Bits).slice();
      for (const i of node.own) setBit(own, i);
      for (const { shows } of node.reads) addAll(read, shows);
      this.own.push(own);
      this.read.push(read);
    }
  }

  /** What the session did before the event. */
  ownBefore({ before }: Node): Bits {
    return before < 0 ? this.nothing : (this.own[before] as Bits);
  }

  /** What the session saw before the event. */
  readBefore({ before }: Node): Bits {
    return before < 0 ? this.nothing : (this.read[before] as Bits);
  }

  /** What the session has seen when the event ends. */
  readWith(node: Node): Bits {
    const read = this.readBefore(node).slice();
    for (const { shows } of node.reads) addAll(read, shows);
    return read;
  }

  /** The events whose mutations the session has seen when the event ends. */
  sourcesOf(node: Node): Set<Node> {
    const sources = new Set<Node>();
    for (const i of listed(this.readWith(node))) {
      const source = this.evidence.mutations[i]?.node;
      if (source !== undefined && source !== node) sources.add(source);
    }
    return sources;
  }
}
