import type { Operation } from "../../data/data-type.js";
import type { CopyingEffects, Machine, MachineSetup, Mechanism, Reply, Request } from "../machine.js";
import type { CacheOptions } from "../options.js";
import { cacheClaims } from "./claims.js";

type CommitRequest = Extract<Request, { readonly kind: "commit" }>;

interface Copy {
  readonly state: unknown;
  readonly version: number;
  readonly freshUntilUs: number;
}

/** A request that waits for the origin of one of its cells. */
interface Waiting {
  readonly ticket: number;
  readonly request: Request;
  /** Cells whose origin has been asked for this request: an answer that is old again by now has to do. */
  readonly asked: ReadonlySet<string>;
}

/**
 * A node in front of another cell: it shows a copy while that is fresh, then asks the origin again, as a client of its
 * region would (memcached, a CDN's edge, a DNS resolver). It lives in memory, and what is written to it stays in it.
 */
export const cacheMechanism: Mechanism<CacheOptions, never> = {
  id: "cache",
  data: "commands",
  ...cacheClaims,
  create: (setup) => new Cache(setup),
};

class Cache implements Machine<never> {
  private readonly copies = new Map<string, Copy>();
  /** By cell: one question to the origin is asked for all of them. */
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly applied = new Set<number>();
  private sequence = 0;

  constructor(private readonly setup: MachineSetup<CacheOptions>) {}

  start(): void {}

  request(ticket: number, request: Request, effects: CopyingEffects<never>): void {
    this.proceed({ ticket, request, asked: new Set() }, effects);
  }

  answered(cell: string, reply: Reply, effects: CopyingEffects<never>): void {
    // A write that came while the origin was asked is newer than what the origin was asked for (Nishtala et al. 2013,
    // §3.2.1: leases keep a stale fill from replacing it).
    if (reply.kind === "value" && !this.isFresh(cell, effects)) this.keep(cell, reply.state, effects);
    const waiting = this.waiting.get(cell) ?? [];
    this.waiting.delete(cell);
    for (const { ticket, request, asked } of waiting) {
      // Rather an old copy than none (RFC 5861, stale-if-error; RFC 8767).
      if (this.copies.has(cell)) this.proceed({ ticket, request, asked: new Set([...asked, cell]) }, effects);
      else effects.reply(ticket, { kind: "unavailable", reason: withoutCopy(reply) });
    }
  }

  receive(): void {}

  timeout(): void {}

  peek(cell: string): unknown {
    const { type, options } = this.setup.cells.get(cell);
    const copy = this.copies.get(cell);
    return copy === undefined ? type.initial(options) : copy.state;
  }

  digest(): string {
    const keys = [...this.copies.keys()].sort();
    return keys.map((key) => `${key}=${this.setup.cells.get(key).type.encode(this.peek(key))}`).join("\n");
  }

  has(operationId: number): boolean {
    return this.applied.has(operationId);
  }

  private proceed({ ticket, request, asked }: Waiting, effects: CopyingEffects<never>): void {
    const cell = this.neededBy(request).find((needed) => !asked.has(needed) && !this.isFresh(needed, effects));
    if (cell === undefined) {
      const reply = request.kind === "read" ? this.shown(request.cell) : this.commit(request, effects);
      effects.reply(ticket, reply);
      return;
    }
    const waiting = this.waiting.get(cell);
    if (waiting !== undefined) {
      waiting.push({ ticket, request, asked });
      return;
    }
    this.waiting.set(cell, [{ ticket, request, asked }]);
    // So that there is time left to answer from the copy if the origin does not.
    effects.askOrigin(cell, Math.floor(request.timeoutUs / 2));
  }

  /** The cells of which a copy has to be there before the request can be answered. */
  private neededBy(request: Request): readonly string[] {
    if (request.kind === "commit") return request.mutations.filter(dependsOnState).map(({ cell }) => cell);
    return request.local === true && this.copies.has(request.cell) ? [] : [request.cell];
  }

  private isFresh(cell: string, { steadyNow }: CopyingEffects<never>): boolean {
    return steadyNow < (this.copies.get(cell)?.freshUntilUs ?? Number.NEGATIVE_INFINITY);
  }

  private commit({ id, expected, mutations }: CommitRequest, effects: CopyingEffects<never>): Reply {
    if (expected.some(({ cell, version }) => (this.copies.get(cell)?.version ?? 0) !== version)) {
      return { kind: "conflict" };
    }
    const results = mutations.map(({ cell, operation }) => {
      const { state, result } = this.setup.cells.get(cell).type.apply(this.peek(cell), operation);
      this.keep(cell, state, effects);
      return result;
    });
    this.applied.add(id);
    return { kind: "committed", results, seen: [] };
  }

  private keep(cell: string, state: unknown, { steadyNow }: CopyingEffects<never>): void {
    const { encode } = this.setup.cells.get(cell).type;
    const before = this.copies.get(cell);
    const isSame = before !== undefined && encode(before.state) === encode(state);
    const version = isSame ? before.version : ++this.sequence;
    this.copies.set(cell, { state, version, freshUntilUs: steadyNow + this.setup.options.ttlMs * 1000 });
  }

  private shown(cell: string): Reply {
    const { state, version } = this.copies.get(cell) as Copy;
    const siblings = this.setup.cells.get(cell).type.name === "register" ? [state] : [];
    return { kind: "value", state, version, snapshot: this.sequence, siblings, seen: [] };
  }
}

/** A register is replaced by a write, whatever it was; anything else changes what the copy holds. */
const dependsOnState = ({ operation }: { readonly operation: Operation }): boolean => operation.name !== "write";

const withoutCopy = (reply: Reply): string =>
  `it has no copy, and its origin did not answer${"reason" in reply ? ` (${reply.reason})` : ""}`;
