import { verify } from "../../../runtime/src/checkers/index.js";
import type { History, HistoryOperation, Verdict } from "../../../runtime/src/history/history.js";
import { isAtLeast, type Level } from "../../../runtime/src/levels.js";

/** What is judged together: cells of one level and one mechanism, at that level or at another one that was asked for. */
export interface Domain {
  readonly level: Level;
  readonly history: History;
}

/** Reads that were weakened below the level of their cell asked for less, and are not held to it. */
export function domainsOf(history: History, asked: Level | undefined): readonly Domain[] {
  const used = new Set(history.events.flatMap(({ operations }) => operations.map(({ cell }) => cell)));
  const names = [...new Set(history.cells.filter(({ key }) => used.has(key)).map(({ domain }) => domain))];
  return names.map((name) => domainOf(history, name, asked));
}

function domainOf(history: History, name: string, asked: Level | undefined): Domain {
  const declared = history.cells.filter(({ domain }) => domain === name);
  const levels = new Map(declared.map(({ key, level }) => [key, level]));
  const level = asked ?? declared[0]?.level ?? "none";
  const isHeld = (operation: HistoryOperation): boolean => {
    const least = levels.get(operation.cell);
    return least !== undefined && isAtLeast(operation.level, least);
  };
  const events = history.events.flatMap((event) => {
    const operations = event.operations.filter(isHeld).map((operation) => ({ ...operation, level }));
    return operations.length === 0 ? [] : [{ ...event, operations }];
  });
  return { level, history: { ...history, cells: declared.map((cell) => ({ ...cell, level })), events } };
}

/** What the search for one order of everything may cost where it is only tried first. */
const tried = { steps: 200_000 };

/**
 * What happened as if one after another on a single copy is right at every level, and that is seen soonest. Otherwise
 * it is judged by what the level itself says.
 */
export function judgeDomain({ level, history }: Domain): Verdict {
  if (level === "linearizable") return verify(history, { level });
  const single = verify(history, { ...tried, model: "strict-serializable" });
  return single.outcome === "valid" ? { outcome: "valid" } : verify(history, { level });
}
