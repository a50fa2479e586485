import type { Prng } from "../../../simulation/prng.js";
import type { Reply, Request } from "../../machine.js";
import type { LogEntry } from "../messages.js";
import type { Call, Cluster } from "./cluster.js";

const timeoutUs = 2_000_000;
const cells = ["x", "y", "n"];

/** A sequential client at one replica that may move to another. */
interface Session {
  replica: number;
  seen: readonly number[];
  /** What it has read last, to commit upon it. */
  lastRead: { readonly cell: string; readonly version: number } | undefined;
  /** What a transaction would go on reading at. */
  snapshot: number | undefined;
  call: Call | undefined;
}

export interface JudgedCall extends Call {
  readonly session: number;
  readonly seen: readonly number[];
}

/** Random sessions: blind writes of distinct values, increments, conditional writes, reads, also of the past, moves. */
export class Workload {
  readonly calls: JudgedCall[] = [];
  private readonly sessions: Session[];
  private nextId = 1;

  constructor(
    private readonly cluster: Cluster,
    private readonly random: Prng,
    sessionCount: number,
  ) {
    this.sessions = Array.from({ length: sessionCount }, (_, at) => ({
      replica: at % cluster.options.replicaCount,
      seen: [],
      lastRead: undefined,
      snapshot: undefined,
      call: undefined,
    }));
  }

  /** Lets each idle session ask something, or do nothing. */
  act(): void {
    this.sessions.forEach((session, at) => {
      if (session.call !== undefined) this.settle(session, session.call);
      if (session.call !== undefined || this.random.chance(1, 2)) return;
      if (this.random.chance(1, 10)) session.replica = this.random.below(this.cluster.options.replicaCount);
      const request = this.random.chance(1, 2) ? this.readRequest(session) : this.commitRequest(session);
      session.call = this.ask(session.replica, request, at, session.seen);
    });
  }

  ask(replica: number, request: Request, session = -1, seen: readonly number[] = []): JudgedCall {
    const call = Object.assign(this.cluster.request(replica, request), { session, seen });
    this.calls.push(call);
    return call;
  }

  increment(): Request {
    const mutations = [{ cell: "n", operation: { name: "increment", args: [1] } }];
    return { kind: "commit", id: this.nextId++, expected: [], mutations, seen: [], timeoutUs };
  }

  private settle(session: Session, call: Call): void {
    if (call.isLost) session.call = undefined;
    if (call.reply === undefined) return;
    session.call = undefined;
    if (call.reply.kind === "value" || call.reply.kind === "committed") session.seen = call.reply.seen;
    if (call.reply.kind === "value" && call.request.kind === "read") {
      session.lastRead = { cell: call.request.cell, version: call.reply.version };
      session.snapshot = call.reply.snapshot;
    }
  }

  private readRequest({ seen, snapshot }: Session): Request {
    const cell = this.random.pick(cells);
    return { kind: "read", cell, snapshot: this.random.chance(1, 4) ? snapshot : undefined, seen, timeoutUs };
  }

  private commitRequest({ seen, lastRead }: Session): Request {
    const choice = this.random.below(3);
    if (choice === 0) return { ...this.increment(), seen };
    const id = this.nextId++;
    const cell = this.random.pick(["x", "y"]);
    const expected = choice === 1 && lastRead !== undefined ? [lastRead] : [];
    const mutations = [{ cell, operation: { name: "write", args: [id] } }];
    if (this.random.chance(1, 4)) mutations.push({ cell: "n", operation: { name: "increment", args: [1] } });
    return { kind: "commit", id, expected, mutations, seen, timeoutUs };
  }
}

/** The state machine once more, as dumb as it gets: all states at all positions. */
export class Twin {
  private readonly states: ReadonlyMap<string, { readonly value: unknown; readonly version: number }>[] = [new Map()];
  readonly outcomes = new Map<number, { readonly kind: "committed" | "conflict"; readonly index: number }>();

  constructor(committed: readonly (LogEntry | undefined)[]) {
    for (let index = 1; index < committed.length; index++) this.apply(index, committed[index]);
  }

  at(index: number, cell: string): { readonly value: unknown; readonly version: number } {
    return this.states[index]?.get(cell) ?? { value: 0, version: 0 };
  }

  private apply(index: number, entry: LogEntry | undefined): void {
    const state = new Map(this.states[index - 1]);
    this.states.push(state);
    if (entry?.command === undefined || this.outcomes.has(entry.command.id)) return;
    const { id, expected, mutations } = entry.command;
    const isConflict = expected.some(({ cell, version }) => this.at(index - 1, cell).version !== version);
    this.outcomes.set(id, { kind: isConflict ? "conflict" : "committed", index });
    if (isConflict) return;
    for (const { cell, operation } of mutations) {
      const before = (state.get(cell)?.value ?? 0) as number;
      const value = operation.name === "increment" ? before + 1 : operation.args[0];
      state.set(cell, { value, version: index });
    }
  }
}

/** Throws at the first answer that the committed log does not bear out. */
export function judge(
  calls: readonly JudgedCall[],
  committed: readonly (LogEntry | undefined)[],
  level: "linearizable" | "sequential",
): void {
  const twin = new Twin(committed);
  for (const call of calls) if (call.reply !== undefined) judgeAnswer(twin, call, call.reply);
  if (level === "linearizable") judgeRealTime(calls);
}

function judgeAnswer(twin: Twin, { request, seen }: JudgedCall, reply: Reply): void {
  if (request.kind === "read") {
    const { snapshot } = request;
    if (reply.kind === "unavailable" || (reply.kind === "conflict" && snapshot !== undefined)) return;
    if (reply.kind !== "value") throw new Error(`a read was answered with ${reply.kind}`);
    const { value, version } = twin.at(reply.snapshot, request.cell);
    if (reply.state !== value || reply.version !== version)
      throw new Error(`${request.cell} was not ${reply.state} then`);
    if (snapshot !== undefined && reply.snapshot !== snapshot)
      throw new Error("another snapshot than the one asked for");
    if (snapshot === undefined && reply.snapshot < (seen[0] ?? 0)) throw new Error("a session was shown the past");
    return;
  }
  const outcome = twin.outcomes.get(request.id);
  if (reply.kind === "indeterminate") return;
  if (reply.kind === "unavailable") {
    if (outcome !== undefined) throw new Error(`operation ${request.id} was refused, and took effect`);
    return;
  }
  if (reply.kind !== outcome?.kind) throw new Error(`operation ${request.id}: ${reply.kind}, but ${outcome?.kind}`);
  if (reply.kind === "committed" && reply.seen[0] !== outcome.index) throw new Error("committed somewhere else");
  if (outcome.index <= (seen[0] ?? 0)) throw new Error("a session's operation lies before what it had seen");
}

/** With positions as the witness: who begins after another's end has seen at least as much, and commits after it. */
function judgeRealTime(calls: readonly JudgedCall[]): void {
  const ended = calls.filter((call) => positionOf(call) !== undefined);
  ended.sort((a, b) => (a.repliedUs as number) - (b.repliedUs as number));
  const begun = [...ended].sort((a, b) => a.invokedUs - b.invokedUs);
  let highest = 0;
  let at = 0;
  for (const call of begun) {
    for (; at < ended.length && ((ended[at] as Call).repliedUs as number) < call.invokedUs; at++) {
      highest = Math.max(highest, positionOf(ended[at] as Call) as number);
    }
    const position = positionOf(call) as number;
    if (call.request.kind === "read" ? position < highest : position <= highest) throw new Error("stale in real time");
  }
}

function positionOf({ reply, request }: Call): number | undefined {
  if (request.kind === "read" && request.snapshot !== undefined) return undefined;
  if (reply?.kind === "value") return reply.snapshot;
  return reply?.kind === "committed" ? reply.seen[0] : undefined;
}
