import { dataType } from "../data/index.js";
import { equalValues } from "../data/values.js";
import type { History, HistoryCell, HistoryEvent, HistoryOperation, Verdict } from "../history/history.js";
import { isAtLeast } from "../levels.js";

/**
 * Judges a history of which not everything is known: whole sessions were left out, it ends in the midst, or what a cell
 * held at first is not sure. Somebody whom nobody recorded may have written any value at any time, so that a read which
 * nothing accounts for is no anomaly. An anomaly is one only if no operations that may be missing explain it:
 *
 * - Cells of which all is known are judged by themselves. An order that explains a history explains its part on any
 *   cells, so what contradicts itself there contradicts itself whatever happened elsewhere.
 * - Logs only grow. With whatever their longest read shows added as appends that may have happened at any time, what
 *   cannot be explained yet is an anomaly all the same.
 * - Any other type can be brought from any state to any other by operations that are missing, so beyond that there is
 *   nothing to find: `valid` says that what was recorded explains itself, and all else is `unknown`.
 */
export function judgeRecorded(history: History, judge: (history: History) => Verdict): Verdict {
  const isPartial = partialIn(history);
  const partial = history.cells.filter(isPartial);
  if (partial.length === 0) return judge(history);
  const known = judge(restrictedTo(history, (cell) => !isPartial(cell)));
  if (known.outcome === "invalid") return known;
  const logs = judge(withUnrecordedAppends(restrictedTo(history, (cell) => isPartial(cell) && isAgreedLog(cell))));
  if (logs.outcome === "invalid") return withoutStrangers(logs, history);
  const unreadable = usedCells(history).filter(({ gap }) => gap === "unreadable");
  const verdict = judge(restrictedTo(history, ({ gap }) => gap !== "unreadable"));
  if (verdict.outcome === "invalid")
    return { outcome: "unknown", reason: `${verdict.anomalies[0]?.message ?? ""} ${missing(history)}`.trimStart() };
  if (verdict.outcome === "unknown" || unreadable.length === 0) return verdict;
  const names = unreadable.map(({ label }) => label).join(", ");
  return { outcome: "unknown", reason: `The values of ${names} were not recorded, so only the rest can be judged.` };
}

function partialIn({ recording }: History): (cell: HistoryCell) => boolean {
  if (recording !== undefined && (recording.isCutOff || recording.sampleRatio < 1)) return () => true;
  return ({ gap }) => gap !== undefined;
}

function missing({ recording }: History): string {
  const why =
    recording !== undefined && recording.sampleRatio < 1
      ? `Only a share of ${recording.sampleRatio} of the sessions was recorded, and another may have done what explains it`
      : recording?.isCutOff === true
        ? "The end of the recording is missing, and with it what was under way and may explain it"
        : "Operations were under way when the recording began, and they may explain it";
  return `${why}: that is no anomaly yet.`;
}

function usedCells({ cells, events }: History): readonly HistoryCell[] {
  const used = new Set(events.flatMap(({ operations }) => operations.map(({ cell }) => cell)));
  return cells.filter(({ key }) => used.has(key));
}

function restrictedTo(history: History, isKept: (cell: HistoryCell) => boolean): History {
  const cells = history.cells.filter(isKept);
  const keys = new Set(cells.map(({ key }) => key));
  const events = history.events.flatMap((event) => {
    const operations = event.operations.filter(({ cell }) => keys.has(cell));
    return operations.length === 0 ? [] : [{ ...event, operations }];
  });
  return { ...history, cells, events };
}

/** Below sequential, entries that arrive late are inserted in the midst. */
const isAgreedLog = ({ type, level, gap }: HistoryCell): boolean =>
  type === "log" && gap !== "unreadable" && isAtLeast(level, "sequential");

/** Appends of whatever the longest read of each log shows, once for each time that it stands there. */
function withUnrecordedAppends(history: History): History {
  let id = history.events.reduce((least, event) => Math.min(least, event.id), 0);
  let client = history.events.reduce((most, { process, session }) => Math.max(most, process, session), 0);
  const appends: HistoryEvent[] = [];
  for (const cell of history.cells) {
    for (const entry of unaccounted(history, cell)) {
      client++;
      const operation: HistoryOperation = {
        ...{ cell: cell.key, level: cell.level, result: undefined },
        operation: { name: "append", args: [entry] },
      };
      appends.push({
        ...{ id: --id, process: client, session: client, region: "", status: "info", transaction: false },
        ...{
          invokedUs: 0,
          completedUs: undefined,
          operations: [operation],
          invokedOrder: Number.MIN_SAFE_INTEGER - id,
        },
      });
    }
  }
  return { ...history, events: [...appends.reverse(), ...history.events] };
}

function unaccounted({ events }: History, { key, type, initial }: HistoryCell): readonly unknown[] {
  const operations = events.flatMap((event) => event.operations.filter(({ cell }) => cell === key));
  const reads = operations.flatMap(({ operation, result }) =>
    !dataType(type).mutations.has(operation.name) && Array.isArray(result) ? [result as readonly unknown[]] : [],
  );
  const longest = reads.reduce((most, read) => (read.length > most.length ? read : most), []);
  // Also what recorded appends account for: those may have come later than another that appended the same.
  const atFirst = initial as readonly unknown[];
  return atFirst.every((entry, i) => equalValues(entry, longest[i])) ? longest.slice(atFirst.length) : longest;
}

/** Appends that were only made up to be fair stand in no history. */
function withoutStrangers(verdict: Extract<Verdict, { readonly outcome: "invalid" }>, { events }: History): Verdict {
  const ids = new Set(events.map(({ id }) => id));
  return {
    outcome: "invalid",
    anomalies: verdict.anomalies.map((anomaly) => ({ ...anomaly, events: anomaly.events.filter((id) => ids.has(id)) })),
  };
}
