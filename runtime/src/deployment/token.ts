import { AnnotationError } from "../errors.js";
import type { Token } from "../mechanisms/machine.js";
import type { SessionState } from "./deployment.js";

/** What a session has seen, as text that a cookie or a message can carry. */
export const tokenOf = ({ seen }: SessionState): string => JSON.stringify([...seen]);

/** A new session goes on from what the one that gave the token had seen. Throws for any other text. */
export function takeUp(session: SessionState, token: string): void {
  for (const [domain, seen] of parseToken(token)) session.seen.set(domain, seen);
}

function parseToken(token: string): readonly (readonly [string, Token])[] {
  const isEntry = (entry: unknown): entry is [string, Token] =>
    Array.isArray(entry) &&
    typeof entry[0] === "string" &&
    Array.isArray(entry[1]) &&
    entry[1].every((position) => Number.isSafeInteger(position));
  let parsed: unknown;
  try {
    parsed = JSON.parse(token);
  } catch {
    parsed = undefined;
  }
  if (Array.isArray(parsed) && parsed.every(isEntry)) return parsed;
  throw new AnnotationError("The token is not one that session.token() gave.", {
    help: "Pass it on unchanged, or leave it out to start afresh.",
  });
}
