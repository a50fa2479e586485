import type { CellOptions } from "../data/data-type.js";
import type { History, HistoryCell, HistoryEvent, Recording } from "./history.js";
import { toJson } from "./json-values.js";

/**
 * Histories as JSON Lines: a header with format, version and cells, then one event a line. Values are written as
 * json-values.ts has them. A recording, which meets cells and events as they come, declares a cell on a line of its own
 * before its first event (a later declaration of the cell takes its place), writes events as they complete, and ends
 * with a line that says so: without it, the end of the history is missing.
 */
export function encodeHistory({ cells, events, recording }: History): string {
  const end = recording === undefined || recording.isCutOff ? [] : [encodeEnd()];
  return [encodeHeader(cells, recording), ...events.map(encodeEvent), ...end].map((line) => `${line}\n`).join("");
}

/** The first line, without its line break: for writing a history while it happens. */
export function encodeHeader(cells: readonly HistoryCell[], recording?: Recording): string {
  const header = { format: "faultline-history", version: 1, cells: cells.map(cellToJson) };
  if (recording === undefined) return JSON.stringify(header);
  const { isCutOff: _, ...known } = recording;
  return JSON.stringify({ ...header, recording: known });
}

export function encodeCell(cell: HistoryCell): string {
  return JSON.stringify({ cell: cellToJson(cell) });
}

export function encodeEnd(): string {
  return JSON.stringify({ end: true });
}

function cellToJson({ options, ...cell }: HistoryCell) {
  return {
    ...cell,
    initial: toJson(cell.initial),
    ...(options === undefined ? {} : { options: encodeOptions(options) }),
  };
}

/** A merge function has no form in text, so it is left out. */
function encodeOptions({ initial, merge, conflict }: CellOptions) {
  return {
    ...(initial === undefined ? {} : { initial: toJson(initial) }),
    ...(typeof merge === "string" ? { merge } : {}),
    ...(conflict === undefined ? {} : { conflict }),
  };
}

export function encodeEvent(event: HistoryEvent): string {
  const operations = event.operations.map(({ operation, result, ...rest }) => ({
    ...rest,
    operation: { name: operation.name, args: operation.args.map((arg) => toJson(arg)) },
    ...(result === undefined ? {} : { result: toJson(result) }),
  }));
  return JSON.stringify({ ...event, operations });
}
