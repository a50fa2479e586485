import type { Operation } from "../data/data-type.js";
import type { Cell, SessionState, ValueReply } from "../deployment/deployment.js";
import { IndeterminateError, UnavailableError } from "../errors.js";
import type { Reply, Request, Token } from "../mechanisms/machine.js";

type CommitRequest = Extract<Request, { readonly kind: "commit" }>;
export type Committed = Extract<Reply, { readonly kind: "committed" }>;

interface ReadRequest {
  readonly local?: boolean | undefined;
  readonly snapshot?: number | undefined;
}

/** Reads a cell for a session. `conflict` only with a snapshot: the replica does not keep it any more. */
export async function requestRead(
  session: SessionState,
  cell: Cell,
  { local = false, snapshot }: ReadRequest = {},
): Promise<ValueReply | "conflict"> {
  const reply = await submit(session, cell.domain, {
    kind: "read",
    cell: cell.key,
    seen: session.seen.get(cell.domain) ?? [],
    timeoutUs: cell.timeoutMs * 1000,
    ...(local ? { local } : {}),
    ...(snapshot === undefined ? {} : { snapshot }),
  });
  if (reply.kind === "value") return reply;
  if (reply.kind === "conflict") return "conflict";
  const reason = reply.kind === "committed" ? "the deployment answered a read with a commit" : reply.reason;
  throw new UnavailableError(`\`${cell.label}\` (${cell.level}) cannot be read from ${session.region}: ${reason}.`, {
    cell: cell.label,
    level: cell.level,
    region: session.region,
    help: "Try again later, read it at a weaker level, or answer without it.",
  });
}

export interface Commit {
  readonly id: number;
  /** The cells that it changes, all of one domain; the first one names it in errors. */
  readonly cells: readonly [Cell, ...Cell[]];
  readonly expected: CommitRequest["expected"];
  readonly mutations: readonly { readonly cell: string; readonly operation: Operation }[];
}

/** Commits for a session. `conflict`: an expected version was not current, and nothing happened. */
export async function requestCommit(session: SessionState, commit: Commit): Promise<Committed | "conflict"> {
  const { id, cells, expected, mutations } = commit;
  const [cell] = cells;
  const reply = await submit(session, cell.domain, {
    kind: "commit",
    id,
    expected,
    mutations,
    seen: session.seen.get(cell.domain) ?? [],
    timeoutUs: Math.min(...cells.map(({ timeoutMs }) => timeoutMs)) * 1000,
  });
  if (reply.kind === "committed") return reply;
  if (reply.kind === "conflict") return "conflict";
  const labels = cells.map(({ label }) => `\`${label}\``).join(", ");
  const context = { cell: cell.label, level: cell.level, region: session.region };
  if (reply.kind === "unavailable") {
    throw new UnavailableError(`${labels} (${cell.level}) cannot be changed from ${session.region}: ${reply.reason}.`, {
      ...context,
      help: "It did not happen: repeat it later, or queue it.",
    });
  }
  const reason = reply.kind === "value" ? "the deployment answered a commit with a value" : reply.reason;
  throw new IndeterminateError(
    `Whether ${labels} (${cell.level}) changed is not known in ${session.region}: ${reason}.`,
    { ...context, help: "It may have happened or may still happen: read back before repeating it." },
  );
}

async function submit(session: SessionState, domain: string, request: Request): Promise<Reply> {
  const reply = await session.deployment.submit(session, domain, request);
  if (reply.kind === "value" || reply.kind === "committed") {
    session.seen.set(domain, joinTokens(session.seen.get(domain), reply.seen));
  }
  return reply;
}

/** Operations in flight together may end in any order; what the session has seen must not shrink by it. */
export function joinTokens(known: Token | undefined, seen: Token): Token {
  if (known === undefined || known.length === 0) return seen;
  let grown = seen.length >= known.length;
  for (let i = 0; grown && i < known.length; i++) grown = (seen[i] as number) >= (known[i] as number);
  if (grown) return seen;
  const length = Math.max(known.length, seen.length);
  return Array.from({ length }, (_, i) => Math.max(known[i] ?? 0, seen[i] ?? 0));
}
