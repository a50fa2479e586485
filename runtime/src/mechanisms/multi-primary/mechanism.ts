import type { Mutation } from "../../data/data-type.js";
import { countOf, type Dot, dot, replicaOf } from "../../data/version-vector.js";
import type { Effects, MachineSetup, Mechanism, Request } from "../machine.js";
import { MergedMachine } from "../merged/machine.js";
import type { Batch } from "../merged/store.js";
import { multiPrimaryClaims } from "./claims.js";

export type MultiPrimaryOptions = Readonly<Record<string, never>>;

export type MultiPrimaryMessage =
  | { readonly kind: "operation"; readonly batch: Batch }
  /** How many mutations of the origin the sender of this has, without a gap. */
  | { readonly kind: "acknowledgement"; readonly count: number };

/** Beyond the round trip, before an unanswered operation is sent again: the least that TCP waits on Linux. */
const patienceUs = 200_000;

/** How far a peer has got with the operations that this replica took. */
interface Stream {
  readonly peer: number;
  acknowledged: number;
  sent: number;
  /** The peer did not answer in time, or has not been heard since this replica started: it is asked before more is sent. */
  isCut: boolean;
}

/**
 * Every replica is a primary: it takes writes by itself and streams them to each peer in the order in which it took
 * them, as bi-directional replication of PostgreSQL, MySQL or Active Directory does. Streams of different origins know
 * nothing of each other, so an effect may arrive before its cause when they come from different primaries. Conflicting
 * writes are settled by the cell's own merge or conflict rule, in the same way everywhere.
 */
export const multiPrimaryMechanism: Mechanism<MultiPrimaryOptions, MultiPrimaryMessage> = {
  id: "multiPrimary",
  data: "merged",
  ...multiPrimaryClaims,
  create: (setup) => new MultiPrimary(setup),
};

class MultiPrimary extends MergedMachine<MultiPrimaryOptions, MultiPrimaryMessage> {
  /** What this replica took itself, in order: positions in the streams are positions in this list. */
  private readonly own: Batch[];
  private readonly streams: readonly Stream[];
  /** Overtook an earlier operation of the same origin on the way, by the identity of its first mutation. */
  private readonly heldBack = new Map<Dot, Batch>();

  constructor(setup: MachineSetup<MultiPrimaryOptions>) {
    super(setup);
    const { replica, replicaCount } = setup;
    this.own = this.store.batches.filter((batch) => replicaOf(firstOf(batch)) === replica);
    // How far the peers have got is not kept on disk: they know it themselves, and say so when they are asked.
    this.streams = Array.from({ length: replicaCount }, (_, peer) => peer)
      .filter((peer) => peer !== replica)
      .map((peer) => ({ peer, acknowledged: 0, sent: 0, isCut: false }));
  }

  override start(effects: Effects<MultiPrimaryMessage>): void {
    for (const stream of this.streams) this.probe(stream, effects);
  }

  override request(ticket: number, request: Request, effects: Effects<MultiPrimaryMessage>): void {
    const batch = this.serve(ticket, request, effects);
    if (batch === undefined || batch.mutations.length === 0) return;
    this.own.push(batch);
    for (const stream of this.streams) {
      if (stream.isCut) continue;
      if (stream.sent === stream.acknowledged) this.awaitAnswer(stream, effects);
      this.sendRest(stream, effects);
    }
  }

  override receive(from: number, message: MultiPrimaryMessage, effects: Effects<MultiPrimaryMessage>): void {
    if (message.kind === "acknowledgement") {
      this.acknowledged(this.streamTo(from), message.count, effects);
      return;
    }
    this.applyInOrder(from, message.batch);
    effects.send(from, { kind: "acknowledgement", count: this.store.applied.prefixOf(from) });
  }

  /** An acknowledgement of what is acknowledged. */
  isSpent(from: number, message: MultiPrimaryMessage): boolean {
    if (message.kind === "operation") return false;
    const next = this.own[this.streamTo(from).acknowledged];
    return next === undefined || lastCountOf(next) > message.count;
  }

  override timeout(timer: string, effects: Effects<MultiPrimaryMessage>): void {
    this.probe(this.streamTo(Number(timer.slice("resend ".length))), effects);
  }

  isBusy(): boolean {
    return this.streams.some(({ acknowledged }) => acknowledged < this.own.length);
  }

  private applyInOrder(origin: number, batch: Batch): void {
    const { applied } = this.store;
    if (!applied.has(firstOf(batch))) this.heldBack.set(firstOf(batch), batch);
    for (;;) {
      const expected = dot(origin, applied.prefixOf(origin) + 1);
      const next = this.heldBack.get(expected);
      if (next === undefined) return;
      this.heldBack.delete(expected);
      this.store.apply(next);
    }
  }

  private acknowledged(stream: Stream, count: number, effects: Effects<MultiPrimaryMessage>): void {
    const before = stream.acknowledged;
    while (stream.acknowledged < this.own.length && lastCountOf(this.own[stream.acknowledged] as Batch) <= count)
      stream.acknowledged++;
    if (stream.acknowledged === before) return;
    stream.isCut = false;
    stream.sent = Math.max(stream.sent, stream.acknowledged);
    if (stream.acknowledged === this.own.length) effects.cancel(`resend ${stream.peer}`);
    else this.awaitAnswer(stream, effects);
    this.sendRest(stream, effects);
  }

  /** Sends one operation, the first that the peer may lack: through a cut link there is no use in sending them all. */
  private probe(stream: Stream, effects: Effects<MultiPrimaryMessage>): void {
    if (stream.acknowledged === this.own.length) return;
    stream.isCut = true;
    stream.sent = stream.acknowledged;
    this.sendNext(stream, effects);
    this.awaitAnswer(stream, effects);
  }

  private sendRest(stream: Stream, effects: Effects<MultiPrimaryMessage>): void {
    while (stream.sent < this.own.length) this.sendNext(stream, effects);
  }

  private sendNext(stream: Stream, effects: Effects<MultiPrimaryMessage>): void {
    effects.send(stream.peer, { kind: "operation", batch: this.own[stream.sent++] as Batch });
  }

  private awaitAnswer({ peer }: Stream, effects: Effects<MultiPrimaryMessage>): void {
    effects.timer(`resend ${peer}`, 2 * effects.latencyUs(peer) + patienceUs);
  }

  private streamTo(peer: number): Stream {
    return this.streams.find((stream) => stream.peer === peer) as Stream;
  }
}

const firstOf = (batch: Batch): Dot => (batch.mutations[0] as Mutation).dot;
const lastCountOf = (batch: Batch): number => countOf((batch.mutations.at(-1) as Mutation).dot);
