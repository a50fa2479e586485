import { expect, it } from "vitest";
import { dataType } from "../../data/index.js";
import type { History, HistoryCell, HistoryEvent, HistoryOperation } from "../../history/history.js";
import { partitionsOf } from "../search/partition.js";
import { Search } from "../search/search.js";
import { type Random, randomness } from "../search/testing/random-history.js";
import { isWitness, twin } from "../search/testing/twin.js";
import { judgeByDependencies } from "./by-dependencies.js";
import { partsOf, type SerializableModel } from "./checker.js";

const orders = {
  serializable: "none",
  "strong-session-serializable": "session",
  "strict-serializable": "real-time",
} as const;
const models = Object.keys(orders) as SerializableModel[];

/** A store without isolation: reads may see any version, most often the last; every value is written once. */
function looseHistory(random: Random, count: number): History {
  const cells = Array.from({ length: 2 }, (_, i): HistoryCell => {
    const type = random(3) === 0 ? "log" : "register";
    const initial = type === "log" ? [] : 0;
    return { key: `c${i}`, label: `c${i}`, type, level: "linearizable", domain: "d", initial };
  });
  const versions = new Map<HistoryCell, unknown[]>(cells.map((cell) => [cell, [cell.initial]]));
  const events = Array.from({ length: count }, (_, id): HistoryEvent => {
    const operations = transaction(cells, versions, 10 * (id + 1), random);
    const session = random(3);
    const isLost = random(8) === 0;
    const at = { invokedUs: 10 * id, completedUs: isLost ? undefined : 10 * id + 1 + random(25) };
    const who = { process: id, session, region: `r${session}`, transaction: operations.length > 1 };
    return { id, ...who, ...at, status: isLost ? "info" : "ok", operations };
  });
  return { version: 1, cells, events };
}

function transaction(
  cells: readonly HistoryCell[],
  versions: ReadonlyMap<HistoryCell, unknown[]>,
  value: number,
  random: Random,
): HistoryOperation[] {
  const own = new Map<HistoryCell, unknown>();
  return Array.from({ length: 1 + random(3) }, (_, i): HistoryOperation => {
    const cell = cells[random(cells.length)] as HistoryCell;
    const all = versions.get(cell) as unknown[];
    const seen = own.get(cell) ?? all[random(4) === 0 ? random(all.length) : all.length - 1];
    const names = cell.type === "log" ? ["entries", "append"] : ["read", "write", "update"];
    const name = names[random(names.length)] as string;
    const args = name === "update" ? [seen, value + i] : name === "write" || name === "append" ? [value + i] : [];
    const { state, result } = dataType(cell.type).apply(seen, { name, args });
    own.set(cell, state);
    if (args.length > 0) all.push(cell.type === "log" ? [...(all.at(-1) as unknown[]), value + i] : state);
    return { cell: cell.key, level: "linearizable", operation: { name, args }, result };
  });
}

it.each(models)(
  "%s: what dependencies decide is what trying all orders decides",
  (model) => {
    const names = new Map<string, number>();
    for (let seed = 1; seed <= 5_000; seed++) {
      const random = randomness(seed);
      const history = looseHistory(random, 2 + random(4));
      for (const partition of partitionsOf(history, partsOf(history, model))) {
        const judgement = judgeByDependencies(partition, history);
        const name = judgement === undefined ? "undecided" : "order" in judgement ? "valid" : judgement.anomaly.name;
        names.set(name, (names.get(name) ?? 0) + 1);
        if (judgement === undefined) continue;
        const part = { ...history, events: partition.events.map(({ source }) => source) };
        if ("order" in judgement) {
          const ids = judgement.order.map(({ source }) => source.id);
          expect(isWitness(part, orders[model], ids), `seed ${seed}`).toBe(true);
        } else {
          const essential = new Set(judgement.anomaly.events);
          const others = part.events.map(({ id }) => id).filter((id) => !essential.has(id));
          expect(twin(part, orders[model], new Set(others)), `seed ${seed}: ${judgement.anomaly.message}`).toBe(false);
        }
      }
    }
    for (const name of ["valid", "lost-update", "read-skew", "write-skew", "intermediate-read"])
      expect(names.get(name) ?? 0, name).toBeGreaterThan(10);
    expect(names.get("undecided") ?? 0).toBeLessThan(300);
  },
  60_000,
);

it.each(models)(
  "%s: what dependencies decide of longer histories is what the search decides",
  (model) => {
    const counts = { valid: 0, invalid: 0, undecided: 0 };
    for (let seed = 1; seed <= 150; seed++) {
      const random = randomness(seed);
      const history = looseHistory(random, 8 + random(8));
      for (const partition of partitionsOf(history, partsOf(history, model))) {
        const judgement = judgeByDependencies(partition, history);
        if (judgement === undefined) {
          counts.undecided++;
          continue;
        }
        const isValid = "order" in judgement;
        counts[isValid ? "valid" : "invalid"]++;
        expect(new Search(partition).run(5_000_000), `seed ${seed}`).toBe(isValid);
      }
    }
    expect(counts.valid).toBeGreaterThan(0);
    expect(counts.invalid).toBeGreaterThan(50);
  },
  60_000,
);
