import type { QuorumConfiguration } from "../atomic-quorum.js";
import type { Effects, MachineSetup, Mechanism, Request } from "../machine.js";
import { MergedMachine } from "../merged/machine.js";
import type { Batch } from "../merged/store.js";
import { quorumClaims } from "./claims.js";
import { Coordinator } from "./coordinator.js";
import { Hints } from "./hints.js";
import type { QuorumMessage } from "./messages.js";

const antiEntropyUs = 1_000_000;
/** Between two attempts to hand over what a replica missed: well below a round of anti-entropy, or hints were useless. */
const handoffUs = 200_000;
/** The ticket of what is handed over: no session waits for it. */
const handoffTicket = -1;

/**
 * Every replica takes requests and asks the n replicas of a value: a read is answered by r of them, a write by w
 * (Gifford, Weighted Voting for Replicated Data, SOSP 1979). The first n replicas of the domain hold the values that
 * quorums count; further ones only coordinate, hold copies and, with `sloppy`, stand in.
 */
export const quorumMechanism: Mechanism<QuorumConfiguration, QuorumMessage> = {
  id: "quorum",
  data: "merged",
  ...quorumClaims,
  // A sloppy quorum needs somebody beyond the n to stand in: a further node in each region where there is no other.
  replicas: ({ n, sloppy }, regions) => (sloppy && n >= regions ? n + regions : n),
  create: (setup) => new Quorum(setup),
};

class Quorum extends MergedMachine<QuorumConfiguration, QuorumMessage> {
  private readonly hints: Hints;
  private readonly coordinator: Coordinator;

  constructor(setup: MachineSetup<QuorumConfiguration>) {
    super(setup);
    this.hints = new Hints(setup.disk);
    this.coordinator = new Coordinator(setup, this.store, this.hints);
  }

  override start(effects: Effects<QuorumMessage>): void {
    effects.timer("anti-entropy", 0, antiEntropyUs);
    if (this.setup.options.hintedHandoff) effects.timer("handoff", 0, handoffUs);
  }

  override request(ticket: number, request: Request, effects: Effects<QuorumMessage>): void {
    // Of a snapshot only the replica that gave it knows anything.
    const isLocal = request.kind === "read" && (request.local === true || request.snapshot !== undefined);
    if (isLocal) effects.reply(ticket, this.store.read(request));
    else this.coordinator.begin(ticket, request, effects);
  }

  override receive(from: number, message: QuorumMessage, effects: Effects<QuorumMessage>): void {
    switch (message.kind) {
      case "ask": {
        const { ticket, cells, vector } = message;
        const batches = this.store.missingFrom(vector).filter((batch) => concerns(batch, cells));
        effects.send(from, { kind: "have", ticket, batches, vector: this.store.applied.copy() });
        return;
      }
      case "have":
        this.coordinator.told(from, message, effects);
        return;
      case "store":
        this.keep(from, message, effects);
        return;
      case "stored":
        this.hints.acknowledged(from, message.operationIds);
        this.coordinator.stored(from, message.ticket, effects);
        return;
      case "digest":
        for (const batch of this.store.missingFrom(message.vector))
          effects.send(from, { kind: "store", ticket: undefined, batches: [batch], hintsFor: [] });
    }
  }

  override timeout(timer: string, effects: Effects<QuorumMessage>): void {
    if (timer === "anti-entropy") this.compare(effects);
    else if (timer === "handoff") this.handOver(effects);
    else this.coordinator.timeout(timer, effects);
  }

  private keep(
    from: number,
    { ticket, batches, hintsFor }: Extract<QuorumMessage, { kind: "store" }>,
    effects: Effects<QuorumMessage>,
  ): void {
    for (const batch of batches) {
      this.store.apply(batch);
      this.hints.add(hintsFor, batch);
    }
    if (ticket === undefined) return;
    effects.send(from, { kind: "stored", ticket, operationIds: batches.map(({ operationId }) => operationId) });
  }

  private compare(effects: Effects<QuorumMessage>): void {
    const vector = this.store.applied.copy();
    for (let peer = 0; peer < this.setup.replicaCount; peer++)
      if (peer !== this.setup.replica) effects.send(peer, { kind: "digest", vector });
    effects.timer("anti-entropy", antiEntropyUs);
  }

  private handOver(effects: Effects<QuorumMessage>): void {
    for (const [replica, operationIds] of this.hints.entries) {
      const batches = operationIds.map((id) => this.store.batchWith(id) as Batch);
      effects.send(replica, { kind: "store", ticket: handoffTicket, batches, hintsFor: [] });
    }
    effects.timer("handoff", handoffUs);
  }
}

const concerns = ({ mutations }: Batch, cells: readonly string[]): boolean =>
  mutations.some(({ cell }) => cells.includes(cell));
