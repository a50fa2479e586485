import type { Operation } from "../data/data-type.js";
import type { Cell, SessionState, ValueReply } from "../deployment/deployment.js";
import { type ErrorContext, IndeterminateError, UnavailableError } from "../errors.js";
import type { Reply, Request, Token } from "../mechanisms/machine.js";

type CommitRequest = Extract<Request, { readonly kind: "commit" }>;
export type Committed = Extract<Reply, { readonly kind: "committed" }>;

/** How a read differs from a plain one of the cell's own level. */
export interface ReadVariant {
  readonly local?: boolean;
  readonly session?: boolean;
  readonly snapshot?: number;
}

/**
 * Reads a cell for a session and gives what `take` makes of the answer, `conflict` only with a snapshot: the replica does
 * not keep it any more. `take` runs where the answer arrives, outside of every context: it calls no code of the user.
 */
export function requestRead<T>(
  session: SessionState,
  cell: Cell,
  variant: ReadVariant,
  take: (answer: ValueReply | "conflict") => T,
): Promise<T> {
  const { snapshot, local, session: seenOnly } = variant;
  const { key, domain, timeoutMs } = cell;
  const seen = session.seen.get(domain) ?? [];
  const request = {
    kind: "read",
    cell: key,
    snapshot,
    seen,
    local,
    session: seenOnly,
    timeoutUs: timeoutMs * 1000,
  } as const;
  return session.deployment.submit(session, domain, request, (reply) => take(answerOf(session, cell, variant, reply)));
}

function answerOf(session: SessionState, cell: Cell, variant: ReadVariant, reply: Reply): ValueReply | "conflict" {
  learn(session, cell, reply);
  if (reply.kind === "value") return reply;
  if (reply.kind === "conflict" && variant.snapshot !== undefined) return "conflict";
  throw new UnavailableError(
    `\`${cell.label}\` (${cell.level}) cannot be read from ${session.region}: ${reasonOf(reply)}.`,
    whereabouts(cell, session, "Try again later, read it at a weaker level, or answer without it."),
  );
}

export interface Commit {
  readonly id: number;
  /** The cells that it changes, all of one domain; the first one stands for them in errors. */
  readonly cells: readonly [Cell, ...Cell[]];
  readonly expected: CommitRequest["expected"];
  readonly mutations: readonly { readonly cell: string; readonly operation: Operation }[];
  readonly snapshot?: number | undefined;
}

/** Commits for a session. `conflict`: an expected version was not current, and nothing happened. */
export function requestCommit(session: SessionState, commit: Commit): Promise<Committed | "conflict"> {
  const { id, cells, expected, mutations, snapshot } = commit;
  const { domain, timeoutMs } = cells[0];
  const seen = session.seen.get(domain) ?? [];
  const request = { kind: "commit", id, expected, mutations, snapshot, seen, timeoutUs: timeoutMs * 1000 } as const;
  return session.deployment.submit(session, domain, request, (reply) => outcomeOf(session, cells, reply));
}

function outcomeOf(session: SessionState, cells: Commit["cells"], reply: Reply): Committed | "conflict" {
  const [cell] = cells;
  learn(session, cell, reply);
  if (reply.kind === "committed") return reply;
  if (reply.kind === "conflict") return "conflict";
  const labels = `${cells.map(({ label }) => `\`${label}\``).join(", ")} (${cell.level})`;
  if (reply.kind === "unavailable") {
    throw new UnavailableError(
      `${labels} cannot be changed from ${session.region}: ${reply.reason}.`,
      whereabouts(cell, session, "It did not happen: repeat it later, or queue it."),
    );
  }
  throw new IndeterminateError(
    `Whether ${labels} changed is not known in ${session.region}: ${reasonOf(reply)}.`,
    whereabouts(cell, session, "It may have happened or may still happen: read back before repeating it."),
  );
}

export function whereabouts({ label, level }: Cell, { region }: SessionState, help: string): ErrorContext {
  return { cell: label, level, region, help };
}

const reasonOf = (reply: Reply): string =>
  "reason" in reply ? reply.reason : `the answer was of the kind ${reply.kind}`;

function learn({ seen }: SessionState, { domain }: Cell, reply: Reply): void {
  if ("seen" in reply) seen.set(domain, joinTokens(seen.get(domain) ?? [], reply.seen));
}

/** Operations in flight together may end in any order; what the session has seen must not shrink by it. */
export function joinTokens(known: Token, seen: Token): Token {
  if (known.every((position, i) => position <= (seen[i] ?? 0))) return seen;
  const longer = known.length > seen.length ? known : seen;
  return longer.map((_, i) => Math.max(known[i] ?? 0, seen[i] ?? 0));
}
