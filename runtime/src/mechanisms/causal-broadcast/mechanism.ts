import type { Mutation } from "../../data/data-type.js";
import { countOf, replicaOf, type VersionVector } from "../../data/version-vector.js";
import type { Effects, Mechanism, Request, Token } from "../machine.js";
import { MergedMachine } from "../merged/machine.js";
import type { Batch } from "../merged/store.js";
import { causalBroadcastClaims } from "./claims.js";

export type CausalBroadcastOptions = Readonly<Record<string, never>>;

export type CausalMessage =
  | { readonly kind: "operation"; readonly batch: Batch }
  | { readonly kind: "digest"; readonly vector: VersionVector };

/** Between two rounds in which replicas tell each other what they have: it repairs what a partition dropped. */
const antiEntropyUs = 1_000_000;

/**
 * Causal broadcast: an operation carries the version vector of all its origin had applied, and a receiver holds it back
 * until it has applied all of that too (Birman, Schiper and Stephenson, Lightweight Causal and Atomic Group Multicast,
 * ACM TOCS 9(3), 1991). A session that moves waits at its new replica until that has seen what the session has seen.
 */
export const causalBroadcastMechanism: Mechanism<CausalBroadcastOptions, CausalMessage> = {
  id: "causalBroadcast",
  data: "merged",
  ...causalBroadcastClaims,
  create: (setup) => new CausalBroadcast(setup),
};

class CausalBroadcast extends MergedMachine<CausalBroadcastOptions, CausalMessage> {
  /** The dependency buffer: received, but something they depend on has not been applied yet. */
  private buffer: Batch[] = [];
  private readonly waiting = new Map<number, Request>();

  override start(effects: Effects<CausalMessage>): void {
    effects.timer("anti-entropy", 0, antiEntropyUs);
  }

  override request(ticket: number, request: Request, effects: Effects<CausalMessage>): void {
    const isLocal = request.kind === "read" && request.local === true;
    if (isLocal || this.hasSeen(request.seen)) {
      this.answer(ticket, request, effects);
      return;
    }
    this.waiting.set(ticket, request);
    effects.timer(`wait ${ticket}`, request.timeoutUs);
  }

  override receive(from: number, message: CausalMessage, effects: Effects<CausalMessage>): void {
    if (message.kind === "digest") {
      for (const batch of this.store.missingFrom(message.vector)) effects.send(from, { kind: "operation", batch });
      return;
    }
    this.buffer.push(message.batch);
    this.drain();
    for (const [ticket, request] of this.waiting)
      if (this.hasSeen(request.seen)) {
        this.waiting.delete(ticket);
        effects.cancel(`wait ${ticket}`);
        this.answer(ticket, request, effects);
      }
  }

  /** As with gossip: a mutation that is there is not applied again, and while nothing is lost a digest asks in vain. */
  isSpent(_from: number, message: CausalMessage): boolean {
    return message.kind === "digest" || this.store.hasBatch(message.batch);
  }

  isTimerSpent(timer: string): boolean {
    return timer === "anti-entropy";
  }

  override timeout(timer: string, effects: Effects<CausalMessage>): void {
    if (timer === "anti-entropy") {
      const vector = this.store.applied.copy();
      for (let peer = 0; peer < this.setup.replicaCount; peer++)
        if (peer !== this.setup.replica) effects.send(peer, { kind: "digest", vector });
      effects.timer("anti-entropy", antiEntropyUs);
      return;
    }
    const ticket = Number(timer.slice("wait ".length));
    this.waiting.delete(ticket);
    const reason = "this replica has not yet received what the session saw before it moved here";
    effects.reply(ticket, { kind: "unavailable", reason });
  }

  isBusy(): boolean {
    return this.buffer.length > 0;
  }

  private answer(ticket: number, request: Request, effects: Effects<CausalMessage>): void {
    if (request.kind === "read") {
      effects.reply(ticket, { ...this.store.read(request), seen: this.token() });
      return;
    }
    const batch = this.store.commit(request, effects.now);
    if (batch === undefined) {
      effects.reply(ticket, { kind: "conflict" });
      return;
    }
    effects.reply(ticket, { kind: "committed", results: batch.mutations.map(() => undefined), seen: this.token() });
    for (let peer = 0; peer < this.setup.replicaCount; peer++)
      if (peer !== this.setup.replica) effects.send(peer, { kind: "operation", batch });
  }

  private drain(): void {
    let isProgressing = true;
    while (isProgressing && this.buffer.length > 0) {
      isProgressing = false;
      const held: Batch[] = [];
      for (const batch of this.buffer) {
        if (this.isReady(batch)) isProgressing = this.store.apply(batch) || isProgressing;
        else held.push(batch);
      }
      this.buffer = held;
    }
  }

  /** What its origin took before it comes first too, although a transaction of long ago may not have seen that. */
  private isReady(batch: Batch): boolean {
    const { dot, context } = batch.mutations[0] as Mutation;
    const { applied } = this.store;
    return applied.prefixOf(replicaOf(dot)) >= countOf(dot) - 1 && applied.includes(context);
  }

  private token(): Token {
    return Array.from({ length: this.setup.replicaCount }, (_, replica) => this.store.applied.prefixOf(replica));
  }

  private hasSeen(seen: Token): boolean {
    return seen.every((count, replica) => this.store.applied.prefixOf(replica) >= count);
  }
}
