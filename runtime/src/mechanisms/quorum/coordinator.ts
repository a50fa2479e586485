import type { QuorumConfiguration } from "../atomic-quorum.js";
import type { Effects, MachineSetup, Request } from "../machine.js";
import type { Batch, MergedStore } from "../merged/store.js";
import { type CellView, viewOf } from "./cell-view.js";
import type { Hints } from "./hints.js";
import type { QuorumMessage } from "./messages.js";
import { expired, type Inquiry, type Round, type Storing } from "./round.js";

type Read = Extract<Request, { kind: "read" }>;
type Commit = Extract<Request, { kind: "commit" }>;
type Send = Effects<QuorumMessage>;

/**
 * Carries out the requests of sessions. A read asks r replicas, and writes back what it is about to return. A write asks
 * w replicas what it has to top, then has w replicas store it (Lynch and Shvartsman, Robust Emulation of Shared Memory
 * Using Dynamic Quorum-Acknowledged Broadcasts, FTCS 1997: many writers in two phases).
 */
export class Coordinator {
  private readonly rounds = new Map<number, Round>();
  /** What a read of each cell last saw. Its version number is the ticket of that read: no other life had it. */
  private readonly versions = new Map<string, { readonly identity: string; readonly version: number }>();
  private readonly replica: number;
  private readonly options: QuorumConfiguration;

  constructor(
    private readonly setup: MachineSetup<QuorumConfiguration>,
    private readonly store: MergedStore,
    private readonly hints: Hints,
  ) {
    this.replica = setup.replica;
    this.options = setup.options;
  }

  begin(ticket: number, request: Request, effects: Send): void {
    const { r, w } = this.options;
    const isRead = request.kind === "read";
    const round: Inquiry = {
      kind: "inquiry",
      request,
      // What is compared with a read has to be as wide as the read.
      needed: isRead ? r : request.expected.length > 0 ? Math.max(r, w) : w,
      cells: isRead ? [request.cell] : [...new Set(request.mutations.map(({ cell }) => cell))],
      answered: new Map(),
      learned: new Map(),
      standIns: new Set(),
    };
    if (this.isOwner(this.replica)) round.answered.set(this.replica, this.store.applied);
    effects.timer(`limit ${ticket}`, request.timeoutUs);
    this.enter(ticket, round, effects);
  }

  told(from: number, message: Extract<QuorumMessage, { kind: "have" }>, effects: Send): void {
    const round = this.rounds.get(message.ticket);
    if (round?.kind !== "inquiry") return;
    round.answered.set(from, message.vector);
    for (const batch of message.batches) round.learned.set(batch.operationId, batch);
    this.advance(message.ticket, round, effects);
  }

  stored(from: number, ticket: number, effects: Send): void {
    const round = this.rounds.get(ticket);
    if (round?.kind !== "storing") return;
    round.answered.add(from);
    this.advance(ticket, round, effects);
  }

  timeout(timer: string, effects: Send): void {
    const [what, number] = timer.split(" ");
    const ticket = Number(number);
    const round = this.rounds.get(ticket) as Round;
    if (what === "limit") {
      effects.cancel(`retry ${ticket}`);
      this.rounds.delete(ticket);
      effects.reply(ticket, expired(round));
      return;
    }
    if (this.options.sloppy && round.request.kind === "commit") this.recruit(round);
    this.contact(ticket, round, effects);
    this.advance(ticket, round, effects);
  }

  private enter(ticket: number, round: Round, effects: Send): void {
    this.rounds.set(ticket, round);
    // A write goes to all of the n whatever it waits for; an inquiry that this replica can answer goes to nobody.
    if (round.kind === "storing" || round.answered.size < round.needed) this.contact(ticket, round, effects);
    this.advance(ticket, round, effects);
  }

  /** Asks, or asks again, all those that have not answered. Asking twice is harmless: answers count by replica. */
  private contact(ticket: number, round: Round, effects: Send): void {
    const targets = [...this.owners(), ...round.standIns];
    const silent = targets.filter((target) => target !== this.replica && !round.answered.has(target));
    const missed = this.options.hintedHandoff ? silent.filter((target) => this.isOwner(target)) : [];
    for (const target of silent) {
      const hintsFor = this.isOwner(target) ? [] : missed;
      if (round.kind === "inquiry")
        effects.send(target, { kind: "ask", ticket, cells: round.cells, vector: this.store.applied.copy() });
      else effects.send(target, { kind: "store", ticket, batches: round.batches, hintsFor });
    }
    effects.timer(`retry ${ticket}`, this.patienceUs(effects));
  }

  /** The replicas beyond the n count from now on, this one too. */
  private recruit(round: Round): void {
    for (let replica = this.options.n; replica < this.setup.replicaCount; replica++) round.standIns.add(replica);
    if (this.isOwner(this.replica)) return;
    if (round.kind === "inquiry") round.answered.set(this.replica, this.store.applied);
    else round.answered.add(this.replica);
  }

  private advance(ticket: number, round: Round, effects: Send): void {
    if (round.answered.size < round.needed) return;
    if (round.kind === "storing") this.finish(ticket, round, effects);
    else if (round.request.kind === "read") this.endRead(ticket, round, round.request, effects);
    else this.endInquiry(ticket, round, round.request, effects);
  }

  private endRead(ticket: number, round: Inquiry, request: Read, effects: Send): void {
    const view = this.view(request.cell, round);
    const holders = [...round.answered.keys()].filter((replica) => this.holds(replica, view, round));
    if (this.options.readRepair) this.repair(round, view, holders, effects);
    const reply = {
      kind: "value",
      state: view.state,
      version: this.versionOf(request.cell, view, ticket),
      snapshot: this.store.batches.length,
      siblings: view.siblings,
      seen: [],
      visible: view.visible,
    } as const;
    const { w, writeBack } = this.options;
    if (!writeBack || holders.length >= w) {
      this.finish(ticket, { reply }, effects);
      return;
    }
    const answered = new Set(holders);
    if (this.isOwner(this.replica)) {
      this.absorb(round);
      answered.add(this.replica);
    }
    const { standIns } = round;
    this.enter(
      ticket,
      { kind: "storing", request, needed: w, answered, standIns, batches: view.batches, reply },
      effects,
    );
  }

  /** What it has to top is known: the write takes its place after that, and is stored. */
  private endInquiry(ticket: number, round: Inquiry, request: Commit, effects: Send): void {
    const hasChanged = ({ cell, version }: Commit["expected"][number]) => {
      const known = this.versions.get(cell);
      return known?.version !== version || known.identity !== this.view(cell, round).identity;
    };
    if (request.expected.some(hasChanged)) {
      this.finish(ticket, { reply: { kind: "conflict" } }, effects);
      return;
    }
    this.absorb(round);
    const batch = this.store.commit({ ...request, expected: [] }, effects.now) as Batch;
    const others = this.owners().filter((owner) => owner !== this.replica);
    if (this.options.hintedHandoff) this.hints.add(others, batch);
    const counts = this.isOwner(this.replica) || round.standIns.size > 0;
    const storing: Storing = {
      kind: "storing",
      request,
      needed: this.options.w,
      answered: new Set(counts ? [this.replica] : []),
      standIns: round.standIns,
      batches: [batch],
      reply: { kind: "committed", results: batch.mutations.map(() => undefined), seen: [] },
    };
    this.enter(ticket, storing, effects);
  }

  private finish(ticket: number, { reply }: Pick<Storing, "reply">, effects: Send): void {
    this.rounds.delete(ticket);
    effects.cancel(`limit ${ticket}`);
    effects.cancel(`retry ${ticket}`);
    effects.reply(ticket, reply);
  }

  /** Those that were seen to lack something get it, and nobody waits for that. */
  private repair(round: Inquiry, view: CellView, holders: readonly number[], effects: Send): void {
    for (const replica of round.answered.keys()) {
      if (holders.includes(replica)) continue;
      if (replica === this.replica) this.absorb(round);
      else effects.send(replica, { kind: "store", ticket: undefined, batches: view.batches, hintsFor: [] });
    }
  }

  private absorb(round: Inquiry): void {
    for (const batch of round.learned.values()) this.store.apply(batch);
  }

  private view(cell: string, { learned }: Inquiry): CellView {
    const batches = [...this.store.batches];
    for (const batch of learned.values())
      if (this.store.batchWith(batch.operationId) === undefined) batches.push(batch);
    return viewOf(cell, batches, this.setup.cells, this.setup.replicaCount);
  }

  private holds(replica: number, view: CellView, { answered }: Inquiry): boolean {
    const vector = answered.get(replica);
    return vector !== undefined && view.isIn(vector);
  }

  private versionOf(cell: string, { identity }: CellView, ticket: number): number {
    const known = this.versions.get(cell);
    if (known?.identity === identity) return known.version;
    this.versions.set(cell, { identity, version: ticket });
    return ticket;
  }

  private owners(): readonly number[] {
    return Array.from({ length: this.options.n }, (_, replica) => replica);
  }

  private isOwner(replica: number): boolean {
    return replica < this.options.n;
  }

  /** After this long without an answer a message is taken for lost: twice the longest round trip. */
  private patienceUs(effects: Send): number {
    let longestUs = 0;
    for (let peer = 0; peer < this.setup.replicaCount; peer++) longestUs = Math.max(longestUs, effects.latencyUs(peer));
    return 4 * longestUs + 10_000;
  }
}
