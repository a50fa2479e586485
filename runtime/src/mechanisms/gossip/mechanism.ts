import type { VersionVector } from "../../data/version-vector.js";
import type { Effects, MachineSetup, Mechanism, Request } from "../machine.js";
import { MergedMachine } from "../merged/machine.js";
import type { Batch } from "../merged/store.js";
import { gossipClaims } from "./claims.js";

export interface GossipOptions {
  /** Between two rounds of anti-entropy. */
  readonly intervalMs: number;
  /** How many peers hear of an operation at once; the others learn of it by anti-entropy. Default: all. */
  readonly fanout?: number | undefined;
}

export type GossipMessage =
  | { readonly kind: "operation"; readonly batch: Batch }
  /** "This is what I have": the receiver sends what is missing, each operation as its own message. */
  | { readonly kind: "digest"; readonly vector: VersionVector };

/**
 * Rumour and anti-entropy (Demers et al., Epidemic Algorithms for Replicated Database Maintenance, PODC 1987). The
 * replica that took an operation sends it once to its peers over a lossy channel, receivers do not relay it, and
 * whatever was lost is found by comparing version vectors. Operations arrive in any order, so code that needs causality
 * shows it.
 */
export const gossipMechanism: Mechanism<GossipOptions, GossipMessage> = {
  id: "gossip",
  data: "merged",
  ...gossipClaims,
  create: (setup) => new Gossip(setup),
};

class Gossip extends MergedMachine<GossipOptions, GossipMessage> {
  private nextPeer: number;

  constructor(setup: MachineSetup<GossipOptions>) {
    super(setup);
    this.nextPeer = setup.replica;
  }

  override start(effects: Effects<GossipMessage>): void {
    const intervalUs = this.setup.options.intervalMs * 1000;
    effects.timer("anti-entropy", 0, intervalUs);
  }

  override request(ticket: number, request: Request, effects: Effects<GossipMessage>): void {
    const batch = this.serve(ticket, request, effects);
    if (batch === undefined) return;
    const fanout = Math.min(this.setup.options.fanout ?? Number.POSITIVE_INFINITY, this.setup.replicaCount - 1);
    for (let i = 0; i < fanout; i++) effects.send(this.peer(), { kind: "operation", batch }, "lossy");
  }

  override receive(from: number, message: GossipMessage, effects: Effects<GossipMessage>): void {
    if (message.kind === "operation") this.store.apply(message.batch);
    else for (const batch of this.store.missingFrom(message.vector)) effects.send(from, { kind: "operation", batch });
  }

  /**
   * A mutation that is there is not applied again. And while nothing is lost, whatever a digest would ask for is on its way
   * from its origin, if that tells all: a copy that overtakes it comes to the same as it does.
   */
  isSpent(_from: number, message: GossipMessage): boolean {
    return message.kind === "operation" ? this.store.hasBatch(message.batch) : this.tellsAll;
  }

  /** Nor does whoever would ask. */
  isTimerSpent(_timer: string): boolean {
    return this.tellsAll;
  }

  override timeout(_timer: string, effects: Effects<GossipMessage>): void {
    const vector = this.store.applied.copy();
    for (let peer = 0; peer < this.setup.replicaCount; peer++)
      if (peer !== this.setup.replica) effects.send(peer, { kind: "digest", vector });
    effects.timer("anti-entropy", this.setup.options.intervalMs * 1000);
  }

  private get tellsAll(): boolean {
    return (this.setup.options.fanout ?? Number.POSITIVE_INFINITY) >= this.setup.replicaCount - 1;
  }

  /** Peers in turn, so that a small fanout reaches all of them over time. */
  private peer(): number {
    do this.nextPeer = (this.nextPeer + 1) % this.setup.replicaCount;
    while (this.nextPeer === this.setup.replica);
    return this.nextPeer;
  }
}
