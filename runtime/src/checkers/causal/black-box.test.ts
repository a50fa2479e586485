import { describe, expect, it } from "vitest";
import type { History, HistoryCell, HistoryEvent, HistoryOperation } from "../../history/history.js";
import { judgeValues } from "./black-box.js";
import { searchCausal } from "./search.js";
import { pick, type Random, randomness } from "./testing/random.js";
import { differentiate } from "./variables.js";

const types = ["register", "register", "register", "map", "set", "log"] as const;

/** Two or three sessions on two cells; reads show anything that is written somewhere, or nothing. */
function randomHistory(random: Random): History {
  const cells = ["x", "y"].map((key): HistoryCell => {
    const type = pick(random, types);
    const initial = { register: 0, map: new Map(), set: new Map(), log: [] }[type];
    return { key, label: key, type, level: "causal", domain: "d", initial };
  });
  const sessions = 2 + random(2);
  const size = 3 + random(4);
  let value = 0;
  const drafts = Array.from({ length: size }, () => {
    const operations = Array.from({ length: random(6) === 0 ? 2 : 1 }, () => {
      const cell = pick(random, cells);
      return { cell, isWrite: random(2) === 0, isUpdate: random(6) === 0, value: ++value };
    });
    return { session: random(sessions), operations };
  });
  const written = (cell: HistoryCell) =>
    drafts.flatMap(({ operations }) => operations.filter((o) => o.cell === cell && o.isWrite).map((o) => o.value));
  const events = drafts.map(({ session, operations }, id): HistoryEvent => {
    const isUnknown = random(12) === 0 && !drafts.slice(id + 1).some((later) => later.session === session);
    return {
      ...{ id, process: session, session, region: `r${session}`, invokedUs: id * 10 },
      completedUs: isUnknown ? undefined : id * 10 + 5,
      status: isUnknown ? "info" : "ok",
      transaction: operations.length > 1,
      operations: operations.map((o) => operationOf(o, written(o.cell), random)),
    };
  });
  return { version: 1, cells, events };
}

interface Draft {
  readonly cell: HistoryCell;
  readonly isWrite: boolean;
  readonly isUpdate: boolean;
  readonly value: number;
}

function operationOf(
  { cell, isWrite, isUpdate, value }: Draft,
  written: readonly number[],
  random: Random,
): HistoryOperation {
  const as = (name: string, args: readonly unknown[], result?: unknown): HistoryOperation => ({
    ...{ cell: cell.key, level: "causal", operation: { name, args }, result },
  });
  const some = written.filter(() => random(2) === 0);
  switch (cell.type) {
    case "map":
      if (isWrite) return as("put", [value % 2 === 0 ? "k" : "l", value]);
      if (random(2) === 0) {
        const entries = ["k", "l"].flatMap((key, i) =>
          some
            .filter((v) => v % 2 === i)
            .slice(0, 1)
            .map((v) => [key, v]),
        );
        return as("entries", [], entries);
      }
      return as("get", ["k"], pick(random, [undefined, ...written.filter((v) => v % 2 === 0)]));
    case "set":
      if (isWrite) return as("add", [value]);
      if (written.length > 0 && random(2) === 0) return as("has", [pick(random, written)], random(2) === 0);
      return as("values", [], some);
    case "log":
      if (isWrite) return as("append", [value]);
      return as("entries", [], random(2) === 0 ? some : [...some].reverse());
    default: {
      const read = pick(random, [0, ...written.filter((v) => v !== value)]);
      if (!isWrite) return as("read", [], read);
      return isUpdate ? as("update", [read, value], value) : as("write", [value]);
    }
  }
}

describe("bad patterns and the definitions by search", () => {
  it.each(["ccv", "cm", "cc"] as const)(
    "agree on random histories: %s",
    (model) => {
      const counts = { valid: 0, invalid: 0 };
      for (let seed = 1; seed <= 12_000; seed++) {
        const history = randomHistory(randomness(seed));
        const verdict = judgeValues(differentiate(history), model);
        if (verdict.outcome === "unknown") continue;
        const searched = searchCausal(history, model);
        expect(verdict.outcome, `seed ${seed}: ${JSON.stringify(verdict)}`).toBe(searched?.outcome);
        counts[verdict.outcome]++;
      }
      expect(counts.valid).toBeGreaterThan(2_000);
      expect(counts.invalid).toBeGreaterThan(2_000);
    },
    120_000,
  );
});
