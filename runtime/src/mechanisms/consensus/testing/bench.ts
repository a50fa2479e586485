import type { Disk, Effects, Reply, Request } from "../../machine.js";
import type { Compaction } from "../compaction.js";
import type { Confirmation } from "../confirmation.js";
import { ConsensusMachine } from "../consensus-machine.js";
import type { Append, Command, ConsensusMessage, LogEntry } from "../messages.js";
import { cellTable } from "./cluster.js";

/** One machine alone: a test plays the other replicas and reads what the machine wanted done. */
export class Bench {
  readonly disk = new Map<string, unknown>();
  machine: ConsensusMachine;
  nowUs = 1_000_000;
  readonly replies = new Map<number, Reply>();
  readonly timers = new Map<string, number>();
  /** How often the disk can still be written; the next time throws, and `restart` is all that can be done. */
  writesLeft = Number.POSITIVE_INFINITY;
  private sent: { readonly to: number; readonly message: ConsensusMessage }[] = [];

  /** `log` is what the machine finds on its disk after a restart, by terms; without it the domain is new. */
  constructor(
    readonly replica: number,
    readonly replicaCount: number,
    stored?: { readonly term: number; readonly log: readonly LogEntry[]; readonly commit: number },
    private readonly confirmation?: Confirmation,
    private readonly compaction?: Compaction,
  ) {
    if (stored !== undefined) {
      this.disk.set("term", stored.term);
      this.disk.set("incarnation", 1);
      this.disk.set("commit", stored.commit);
      this.disk.set("lastIndex", stored.log.length);
      for (const [at, entry] of stored.log.entries()) this.disk.set(`entry:${at + 1}`, entry);
    }
    this.machine = this.started();
  }

  restart(): void {
    this.timers.clear();
    this.writesLeft = Number.POSITIVE_INFINITY;
    this.machine = this.started();
  }

  receive(from: number, message: ConsensusMessage): void {
    this.machine.receive(from, message, this.effects);
  }

  timeout(timer: string): void {
    this.timers.delete(timer);
    this.machine.timeout(timer, this.effects);
  }

  /** So long that nothing which has been asked may still be open. */
  letTimeRunOut(): void {
    this.nowUs += 10_000_000;
    this.timeout("deadline");
  }

  request(ticket: number, request: Request): void {
    this.machine.request(ticket, request, this.effects);
  }

  /** What was sent to a replica since the last look. */
  takeSentTo(to: number): ConsensusMessage[] {
    const messages = this.sent.filter((sending) => sending.to === to).map(({ message }) => message);
    this.sent = this.sent.filter((sending) => sending.to !== to);
    return messages;
  }

  /** Has it elected in the next term by these voters. */
  elect(...voters: number[]): void {
    this.nowUs += 10_000_000;
    this.timeout("election");
    const term = this.machine.state.term + 1;
    for (const preVote of [true, false]) {
      for (const voter of voters) this.receive(voter, { kind: "voteReply", term, preVote, granted: true });
    }
  }

  acknowledge(from: number, matched: number): void {
    this.receive(from, { kind: "acknowledgement", term: this.machine.state.term, matched, round: 0 });
  }

  private started(): ConsensusMachine {
    const { replica, replicaCount, disk } = this;
    const stable: Disk = {
      read: (name) => disk.get(name),
      write: (name, value) => {
        if (this.writesLeft-- === 0) throw new Error("the power has failed");
        if (value === undefined) disk.delete(name);
        else disk.set(name, value);
      },
    };
    const setup = { replica, replicaCount, options: {}, cells: cellTable, disk: stable, firstLeader: 0 };
    const machine = new ConsensusMachine(setup, "leader", this.confirmation, this.compaction);
    machine.start(this.effects);
    return machine;
  }

  private get effects(): Effects<ConsensusMessage> {
    return {
      now: this.nowUs,
      steadyNow: this.nowUs,
      latencyUs: () => 40_000,
      send: (to, message) => void this.sent.push({ to, message }),
      timer: (timer, delayUs) => void this.timers.set(timer, delayUs),
      cancel: (timer) => void this.timers.delete(timer),
      reply: (ticket, reply) => void this.replies.set(ticket, reply),
      note: () => {},
    };
  }
}

export const noOp = (term: number): LogEntry => ({ term, command: undefined });

export const write = (id: number, cell: string, value: unknown): Command => ({
  id,
  expected: [],
  mutations: [{ cell, operation: { name: "write", args: [value] } }],
});

export const commitRequest = (command: Command): Request => ({
  kind: "commit",
  ...command,
  seen: [],
  timeoutUs: 2_000_000,
});

export const readRequest = (cell: string, seen: readonly number[] = []): Request => ({
  kind: "read",
  cell,
  seen,
  timeoutUs: 2_000_000,
});

/** An append after `previous` as the leader of a term sends it. */
export function appendOf(
  term: number,
  previous: { readonly index: number; readonly term: number },
  entries: readonly LogEntry[],
  commit: number,
): Append {
  const { index: previousIndex, term: previousTerm } = previous;
  return { kind: "append", term, previousIndex, previousTerm, entries, commit, round: 0 };
}
