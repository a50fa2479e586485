// What a verdict costs: of forty operations, as after every simulated schedule, and of thousands, as recorded elsewhere.
import { checkLinearizable } from "../../runtime/src/checkers/linearizable/checker.js";
import { checkSequential } from "../../runtime/src/checkers/sequential/checker.js";
import { checkSerializable } from "../../runtime/src/checkers/serializable/checker.js";
import type { History, HistoryEvent, HistoryOperation, Verdict } from "../../runtime/src/history/history.js";
import { printTable } from "./table.js";

const repetitions = 9;
const sessions = 4;

/** Overlapping updates, blind writes, transactions over both cells and reads, that took effect in order of invocation. */
function history(count: number, hasEvidence: boolean): History {
  const cells = ["x", "y"].map((key) => {
    return { key, label: key, type: "register", level: "linearizable", domain: "d", initial: 0 } as const;
  });
  const state = { x: 0, y: 0 };
  const events = Array.from({ length: count }, (_, id): HistoryEvent => {
    const operations: HistoryOperation[] = [];
    const perform = (cell: "x" | "y", name: string, args: readonly unknown[], value = state[cell]): void => {
      const position = hasEvidence ? id : undefined;
      const result = name === "read" ? value : undefined;
      operations.push({ cell, level: "linearizable", operation: { name, args }, result, position });
      if (args.length > 0) state[cell] = args.at(-1) as number;
    };
    const kind = (id * 7) % 5;
    if (kind < 2) perform(kind === 0 ? "x" : "y", "read", []);
    if (kind === 2 || kind === 4) perform("x", "update", [state.x, 2 * id + 1]);
    if (kind >= 3) perform("y", "write", [2 * id + 2]);
    const session = id % sessions;
    const invokedUs = 100 * id;
    const completedUs = invokedUs + 50 + ((id * 37) % 250);
    const who = { id, process: session, session, region: `r${session}`, transaction: kind === 4 };
    return { ...who, invokedUs, completedUs, status: "ok", operations };
  });
  return { version: 1, cells, events };
}

function microseconds(judged: History, check: (history: History) => Verdict): readonly number[] {
  const rounds = Math.ceil(4_000 / judged.events.length);
  return Array.from({ length: repetitions }, () => {
    const startedMs = performance.now();
    for (let round = 0; round < rounds; round++) {
      const { outcome } = check(judged);
      if (outcome !== "valid") throw new Error(`The history was found ${outcome}.`);
    }
    return ((performance.now() - startedMs) / rounds) * 1_000;
  });
}

for (const count of [40, 2_000]) {
  const [searched, witnessed] = [history(count, false), history(count, true)];
  const row = (what: string, judged: History, check: (history: History) => Verdict) => {
    return { what, values: microseconds(judged, check), unit: "µs" };
  };
  printTable(`A verdict of ${count} operations`, [
    row("linearizable, searched", searched, checkLinearizable),
    row("linearizable, by evidence", witnessed, checkLinearizable),
    row("sequential, searched", searched, checkSequential),
    row("sequential, by evidence", witnessed, checkSequential),
    row("serializable, by dependencies", searched, (judged) => checkSerializable(judged, { model: "serializable" })),
    row("serializable, by evidence", witnessed, (judged) => checkSerializable(judged, { model: "serializable" })),
  ]);
}
