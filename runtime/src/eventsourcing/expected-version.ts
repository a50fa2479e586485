import { bindingOf, type Handle } from "../cells/handle.js";
import { whereabouts } from "../cells/requests.js";
import { AnnotationError, ConflictError } from "../errors.js";

/** Not a `FaultlineError`, which would have a transaction around it run again: that version will not come back. */
export class AnotherVersion extends Error {
  constructor(
    readonly version: number,
    readonly expected: number,
  ) {
    super(`version ${version}, not ${expected}`);
  }
}

/** What whoever appends is told of it. */
export function conflictOf(commits: Handle, { version, expected }: AnotherVersion): ConflictError {
  const { cell, session } = bindingOf(commits);
  const help = "It did not happen: read the stream, decide again, and expect the version that was read.";
  return new ConflictError(
    `\`${cell.label}\` (${cell.level}) is at version ${version}, and ${expected} was expected.`,
    whereabouts(cell, session, help),
  );
}

/** Types are checked where the append was typed in; the version may come out of a form. */
export function refuseNoVersion(commits: Handle, expected: unknown): void {
  if (expected === "any" || (Number.isInteger(expected) && (expected as number) >= 0)) return;
  throw new AnnotationError(
    `\`${bindingOf(commits).cell.label}\`: option \`expectedVersion\` of append() is ${String(expected)}.`,
    { help: 'Accepted: the version that was read, 0 for a stream without events, or "any".' },
  );
}
