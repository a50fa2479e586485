import type { OperationEvent } from "../../simulation/trace.js";

/** Whether a read shows what a write has put there; undefined where their texts do not tell. */
export function doesShow(read: OperationEvent, write: OperationEvent): boolean | undefined {
  if (!read.detail.startsWith("= ")) return undefined;
  const found = read.detail.slice(2);
  const [, written] = /^[^:]*→ (.*)$/s.exec(write.detail) ?? [];
  if (written !== undefined && ofRegisters.has(write.operation))
    return isShortened(found) || isShortened(written) ? undefined : found === written;
  const [, added] = /^\+ (.*)$/s.exec(write.detail) ?? [];
  if (added === undefined || !found.startsWith("[")) return undefined;
  if (found.includes(added)) return true;
  return isShortened(found) || isShortened(added) ? undefined : false;
}

/** Surely knows of it. */
export function shows(read: OperationEvent, write: OperationEvent): boolean {
  if (!areOfOneCell(read, write)) return false;
  const isShown = doesShow(read, write);
  return isShown ?? (isKnownBy(read, write) && endOf(write) <= read.atUs);
}

/** Surely does not know of it, although it has begun. */
export function misses(read: OperationEvent, write: OperationEvent): boolean {
  if (!areOfOneCell(read, write) || write.atUs >= endOf(read)) return false;
  const isShown = doesShow(read, write);
  if (isShown === true) return false;
  // What is appended stays; anything else may have been replaced since.
  return !isKnownBy(read, write) || (isShown === false && write.operation === "append");
}

/** Of one that has not ended, when it began. */
export function endOf(operation: OperationEvent): number {
  return operation.endUs ?? operation.atUs;
}

const isKnownBy = (read: OperationEvent, { id }: OperationEvent): boolean => !read.unseen.includes(id);

const areOfOneCell = (read: OperationEvent, write: OperationEvent): boolean =>
  read.cell === write.cell && !read.mutates && write.mutates && read.outcome === "ok" && write.outcome !== "fail";

/** An identifier that is shortened inside of quotes is the same in both texts. */
const isShortened = (text: string): boolean => /…(?!")/.test(text);

/** What they put into a cell is all that it holds. */
const ofRegisters: ReadonlySet<string> = new Set(["write", "update", "compareAndSet"]);
