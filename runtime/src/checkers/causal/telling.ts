import { equalValues } from "../../data/values.js";
import type { Anomaly, HistoryEvent, HistoryOperation } from "../../history/history.js";
import { list, phrase, seconds } from "../wording.js";
import { hasBit } from "./bits.js";
import type { Evidence, Known, Node, Read } from "./evidence.js";
import { mutates } from "./evidence.js";
import { SessionPasts } from "./pasts.js";
import type { Breach } from "./white-box.js";

type Name = Anomaly["name"];

/** What a read or a mutation lacks is told by why it ought to have it. */
interface Reason {
  readonly name: Name;
  readonly text: string;
  readonly events: readonly Node[];
}

/** Puts breaches into a sentence each. */
export class Teller {
  private known: SessionPasts | undefined;

  constructor(private readonly evidence: Evidence) {}

  anomaly(breach: Breach): Anomaly {
    switch (breach.kind) {
      case "unknown":
        return this.about(
          "dirty-read",
          [breach.read.node],
          (who) => `${this.readText(breach.read, who)}, from a write that no replica has.`,
        );
      case "failed":
        return this.about("dirty-read", [breach.read.node], (who) => {
          const { seen } = breach;
          const what = seen.mutation === undefined ? "something" : bare(seen);
          const why = seen.operation === undefined ? "which nobody had asked for" : "which had failed";
          return `${this.readText(breach.read, who)}, and had seen that somebody ${what}, ${why}.`;
        });
      case "future":
        return this.future(breach);
      case "value":
        return this.about(
          "dirty-read",
          [breach.read.node],
          (who) =>
            `${this.readText(breach.read, who)}, which is not what the writes that had reached it make of ${breach.read.cell.label}.`,
        );
      case "torn": {
        const { read, first } = breach;
        return this.about(
          "fractured-read",
          [read.node],
          (who) =>
            `${this.readText(first, who)} and then, in the same transaction, ${deed(read.operation, read.cell.label)}, from another state.`,
        );
      }
      case "altered": {
        const { node, mutation } = breach.known;
        const events = node === undefined ? [] : [node];
        return this.about("dirty-read", events, (who) => {
          const asked = node === undefined ? "an operation" : this.done(breach.known, who);
          return `${asked}, but replicas hold that as ${mutation?.operation.name} of ${breach.known.cell.label}.`;
        });
      }
      case "cycle":
        return this.about(
          "causality-violation",
          breach.nodes,
          (who) =>
            `${list(breach.nodes.map((node) => `${this.eventText(node, who)}`))}: each builds on what the one before did, and the first on the last.`,
        );
      case "unsettled":
        return this.about(
          "causality-violation",
          breach.nodes,
          (who) =>
            `${list(breach.nodes.map((node) => this.eventText(node, who)))}: no one order of the writes agrees with what came before what and with how replicas settle them.`,
        );
      case "missing":
        return this.missing(breach.read, breach.missing);
      case "unaware":
        return this.unaware(breach);
      case "order":
        return this.order(breach.later, breach.earlier);
    }
  }

  private get sessions(): SessionPasts {
    this.known ??= new SessionPasts(this.evidence);
    return this.known;
  }

  private future({ at, seen }: Extract<Breach, { kind: "future" }>): Anomaly {
    const node = ("shows" in at ? at.node : at.node) as Node;
    const source = seen.node as Node;
    const nodes = node === source ? [node] : [node, source];
    return this.about("causality-violation", nodes, (who) => {
      const deedText = "shows" in at ? this.readText(at, who) : this.done(at, who);
      if (node === source) return `${deedText}, having seen what it was only about to do.`;
      return `${deedText}, having seen that ${this.done(seen, who)}, which began only at ${seconds(source.source.invokedUs)}.`;
    });
  }

  private missing(read: Read, missing: Known): Anomaly {
    const reason = this.reasonFor(read, missing);
    return this.about(reason.name, reason.events, (who) => `${this.readText(read, who)}, although ${reason.text}.`);
  }

  /** The simplest guarantee that covers it. */
  private reasonFor(read: Read, missing: Known): Reason {
    const who = this.naming([read.node, ...(missing.node === undefined ? [] : [missing.node])]);
    const { node } = read;
    const { sessions } = this;
    if (hasBit(sessions.ownBefore(node), missing.index))
      return {
        name: "read-your-writes",
        text: `earlier in the same session ${this.done(missing, who)} (read-your-writes)`,
        events: nodes(missing, read),
      };
    if (hasBit(sessions.readBefore(node), missing.index)) return this.readEarlier(read, missing);
    const together = this.seenBefore(read).find((known) => known.mutation?.commit === missing.mutation?.commit);
    if (together !== undefined) {
      const text = `it had seen that ${this.done(together, who)}, and the same transaction ${bare(missing)} (fractured read)`;
      return { name: "fractured-read", text, events: nodes(missing, read) };
    }
    return this.followed(read, missing);
  }

  private readEarlier(read: Read, missing: Known): Reason {
    const earlier = this.earlierReads(read.node).filter(({ shows }) => hasBit(shows, missing.index));
    const same = earlier.filter(
      ({ cell, operation }) => cell === read.cell && operation.operation.name === read.operation.operation.name,
    );
    const shown = (same.at(-1) ?? earlier.at(-1)) as Read;
    const involved = [...nodes(missing, shown), read.node];
    const who = this.naming(involved);
    const before = `earlier in the same session ${this.readText(shown, who)}`;
    const isPlain = shown.cell === read.cell && shown.cell.type === "register";
    if (isPlain && !equalValues(shown.operation.result, read.operation.result))
      return { name: "non-monotonic-read", text: `${before} (non-monotonic read)`, events: [shown.node, read.node] };
    const text = `${before}, after ${this.done(missing, who)} (non-monotonic read)`;
    return { name: "non-monotonic-read", text, events: involved };
  }

  /** It had seen something that came after what it lacks. */
  private followed(read: Read, missing: Known): Reason {
    const seen = this.seenBefore(read).filter(({ node }) => node !== undefined) as (Known & { node: Node })[];
    const own = seen.find(({ node }) => hasBit(this.sessions.ownBefore(node), missing.index));
    if (own !== undefined) {
      const involved = this.involving(read, missing, own);
      const who = this.naming(involved);
      const text = `it had seen that ${this.done(own, who)}, before which that session${this.where(own, missing)} ${bare(missing)}${this.when(missing)} (monotonic writes)`;
      return { name: "monotonic-writes", text, events: involved };
    }
    const follows = seen.find(({ node }) => hasBit(this.sessions.readWith(node), missing.index));
    if (follows !== undefined) {
      const involved = this.involving(read, missing, follows);
      const who = this.naming(involved);
      const text = `it had seen that ${this.done(follows, who)}, which that session did after it had seen that ${this.done(missing, who)} (writes follow reads)`;
      return { name: "writes-follow-reads", text, events: involved };
    }
    const who = this.naming(nodes(missing, read));
    const text = `what it had seen came causally after this: ${this.done(missing, who)}`;
    return { name: "causality-violation", text, events: nodes(missing, read) };
  }

  /** The mutation that is missing, the one that follows it, and the read that showed that one to the session. */
  private involving(read: Read, missing: Known, seen: Known & { readonly node: Node }): Node[] {
    const isShown = ({ shows }: Read) => hasBit(shows, seen.index);
    const showing = read.node.reads.some(isShown) ? read : this.earlierReads(read.node).find(isShown);
    return [...nodes(missing, read), seen.node, ...(showing === undefined ? [] : [showing.node])];
  }

  private unaware({ later, earlier, read }: Extract<Breach, { kind: "unaware" }>): Anomaly {
    const { name, text } = this.relation(later, earlier);
    const involved = [...nodes(earlier, read), ...(later.node === undefined ? [] : [later.node])];
    return this.about(
      name,
      involved,
      (who) =>
        `${this.readText(read, who)}, because ${this.done(later, who)} counts as concurrent with what came before it: ${this.done(earlier, who)} (${text}).`,
    );
  }

  private order(later: Known, earlier: Known): Anomaly {
    const { name, text } = this.relation(later, earlier);
    const involved = [earlier.node, later.node].filter((node) => node !== undefined);
    return this.about(
      name,
      involved,
      (who) =>
        `${this.done(later, who)}, and all replicas put that before what it came after: ${this.done(earlier, who)} (${text}).`,
    );
  }

  private relation(later: Known, earlier: Known): { readonly name: Name; readonly text: string } {
    const { node } = later;
    if (node !== undefined && hasBit(this.sessions.ownBefore(node), earlier.index))
      return { name: "monotonic-writes", text: "monotonic writes" };
    if (node !== undefined && hasBit(this.sessions.readWith(node), earlier.index))
      return { name: "writes-follow-reads", text: "writes follow reads" };
    return { name: "causality-violation", text: "causality" };
  }

  /** Mutations that the session had been shown when it read. */
  private seenBefore(read: Read): Known[] {
    const shown = this.sessions.readWith(read.node);
    return this.evidence.mutations.filter(({ index }) => hasBit(shown, index));
  }

  private earlierReads(node: Node): Read[] {
    const reads: Read[] = [];
    for (let i = node.before; i >= 0; ) {
      const earlier = this.evidence.nodes[i] as Node;
      reads.unshift(...earlier.reads);
      i = earlier.previous;
    }
    return reads;
  }

  private about(name: Name, involved: readonly Node[], message: (who: Who) => string): Anomaly {
    const distinct = [...new Set(involved)].sort((a, b) => a.source.id - b.source.id);
    return { name, message: message(this.naming(distinct)), events: distinct.map(({ source }) => source.id) };
  }

  /** The session too, where the region alone does not tell two apart. */
  private naming(involved: readonly Node[]): Who {
    return ({ region, session }) => {
      const isAlone = involved.every(({ source }) => source.region !== region || source.session === session);
      return isAlone ? region : `${region} (session ${session})`;
    };
  }

  /** `tokyo read 0 from x at 0.412 s` */
  private readText({ node, operation, cell }: Read, who: Who): string {
    return `${who(node.source)} ${deed(operation, cell.label)} at ${at(node.source)}`;
  }

  /** `nyc wrote 1 to x at 0.120 s` */
  private done(known: Known, who: Who): string {
    const { node } = known;
    return node === undefined ? `somebody ${bare(known)}` : `${who(node.source)} ${bare(known)} at ${at(node.source)}`;
  }

  private where(later: Known, earlier: Known): string {
    const from = earlier.node?.source.region;
    return from === undefined || from === later.node?.source.region ? "" : `, in ${from},`;
  }

  private when({ node }: Known): string {
    return node === undefined ? "" : ` at ${at(node.source)}`;
  }

  private eventText(node: Node, who: Who): string {
    const deeds = node.source.operations.map((operation) => deed(operation, this.labelOf(operation)));
    return `${who(node.source)} ${list(deeds)} at ${at(node.source)}`;
  }

  private labelOf(operation: HistoryOperation): string {
    for (const { cell } of this.evidence.reads) if (cell.key === operation.cell) return cell.label;
    return this.evidence.mutations.find(({ cell }) => cell.key === operation.cell)?.cell.label ?? operation.cell;
  }
}

type Who = (event: HistoryEvent) => string;

function nodes(missing: Known, read: Read): Node[] {
  return missing.node === undefined ? [read.node] : [missing.node, read.node];
}

const deed = ({ operation, result }: HistoryOperation, label: string): string => phrase(label, operation, result);

/** `wrote 1 to x` */
function bare({ operation, mutation, cell }: Known): string {
  if (operation !== undefined && mutates(operation)) return deed(operation, cell.label);
  return mutation === undefined ? `changed ${cell.label}` : phrase(cell.label, mutation.operation, undefined);
}

const at = ({ invokedUs, completedUs }: HistoryEvent): string => seconds(completedUs ?? invokedUs);
