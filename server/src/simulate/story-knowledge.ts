import { doesShow } from "../../../runtime/src/explore/explanation/sight.js";
import type {
  MessageEvent,
  NoteEvent,
  OperationEvent,
  Trace,
  VerdictEvent,
} from "../../../runtime/src/simulation/trace.js";

/**
 * Ids of the changes that an operation did not know of: those that its replica did not have, and where a read races with
 * changes of the same cell elsewhere, those that had ended before it began and that it does not show.
 */
export function unseenBy(operation: OperationEvent, racing: readonly OperationEvent[]): readonly number[] {
  if (operation.mutates || !racing.includes(operation)) return operation.unseen;
  const before = racing.filter(
    (other) => other.mutates && other.cell === operation.cell && endOf(other) < operation.atUs,
  );
  const shown = before.findLast((write) => doesShow(operation, write) !== false);
  const missed = before.filter((write) => endOf(write) > (shown === undefined ? -1 : endOf(shown)));
  return [...new Set([...operation.unseen, ...missed.map(({ id }) => id)])];
}

const endOf = ({ atUs, endUs }: OperationEvent): number => endUs ?? atUs;

/** Messages that carried one of these operations to a region. */
export function messagesTo({ events }: Trace, region: string, operations: readonly number[]): readonly MessageEvent[] {
  return events.filter(
    (event): event is MessageEvent =>
      event.kind === "message" && event.to === region && operations.some((id) => event.operations.includes(id)),
  );
}

/** Whether that was judged in a region after all that anybody did, and not while it went on. */
export function isSettled({ events }: Trace, { region, atUs, settled }: VerdictEvent): boolean {
  if (settled !== undefined) return settled;
  return (
    region !== undefined &&
    events.every((event) => event.kind !== "operation" || event.judging || event.setup || event.atUs <= atUs)
  );
}

/**
 * What a mechanism says of itself. Of one that begins to lead also who goes on believing that it does: later it is told
 * to have stopped, and until then has not heard of it.
 */
export function noteText({ events }: Trace, note: NoteEvent): string {
  const begun = leading.exec(note.text);
  if (begun === null) return note.text;
  const same = events.filter(
    (event): event is NoteEvent =>
      event.kind === "note" && event.domain === note.domain && event.region !== note.region,
  );
  const turns = same.filter(({ text }) => {
    const turn = leading.exec(text) ?? stopping.exec(text);
    return turn !== null && turn.groups?.["of"] === begun.groups?.["of"];
  });
  const believing = [...new Set(turns.map(({ region }) => region))].filter((region) => {
    const own = turns.filter((event) => event.region === region);
    const before = own.findLast(({ atUs }) => atUs < note.atUs);
    const after = own.find(({ atUs }) => atUs > note.atUs);
    return before !== undefined && leading.test(before.text) && after !== undefined && stopping.test(after.text);
  });
  return believing.length === 0 ? note.text : `${note.text}; ${believing.join(" and ")} has not heard of it`;
}

/** Of a shard, if a mechanism has several leaders. */
const leading = /^(?<of>shard \d+: )?(?:leads term|is primary in epoch) /;
const stopping = /^(?<of>shard \d+: )?(?:stops leading term|is no longer primary)/;
