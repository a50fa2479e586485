import { describe, expect, it } from "vitest";
import type { History } from "../../history/history.js";
import { minimise } from "../search/minimise.js";
import { partitionsOf } from "../search/partition.js";
import { Search } from "../search/search.js";
import { mutated, randomHistory, randomness, type Shape } from "../search/testing/random-history.js";
import { isWitness, twin } from "../search/testing/twin.js";
import { checkLinearizable, linearizableParts } from "./checker.js";

const shapeOf = (seed: number): Shape => ({
  order: "real-time",
  evidence: (["none", "right", "wrong", "right"] as const)[seed & 3] ?? "none",
  maxEvents: 6,
});

describe("the linearizable checker and its twin", () => {
  const runs = 20_000;

  it("agree on random histories, linearizable and not, and every witness and every anomaly holds", () => {
    const counts = { valid: 0, invalid: 0, smaller: 0 };
    for (let seed = 1; seed <= runs; seed++) {
      const random = randomness(seed);
      const run = randomHistory(random, shapeOf(seed));
      const history = seed % 3 === 0 ? run : mutated(run, random);
      const verdict = checkLinearizable(history);
      expect(verdict.outcome, `seed ${seed}`).toBe(twin(history, "real-time") ? "valid" : "invalid");
      if (seed % 3 === 0) expect(verdict.outcome, `seed ${seed}`).toBe("valid");
      if (verdict.outcome === "valid") {
        counts.valid++;
        if (hasNoTies(history))
          expect(isWitness(history, "real-time", verdict.witness ?? []), `seed ${seed}`).toBe(true);
      } else if (verdict.outcome === "invalid") {
        counts.invalid++;
        const [anomaly] = verdict.anomalies;
        const essential = new Set(anomaly?.events);
        const others = history.events.map((event) => event.id).filter((id) => !essential.has(id));
        expect(twin(history, "real-time", new Set(others)), `seed ${seed}: the anomaly is none`).toBe(false);
        // Of events of one process at the same time, one that became optional is no longer kept in order.
        for (const id of hasNoTies(history) ? essential : []) {
          expect(
            twin(history, "real-time", new Set([...others, id])),
            `seed ${seed}: the anomaly can do without ${id}`,
          ).toBe(true);
        }
        if (essential.size < history.events.length) counts.smaller++;
      }
    }
    expect(counts.valid).toBeGreaterThan(runs / 4);
    expect(counts.invalid).toBeGreaterThan(runs / 10);
    expect(counts.smaller).toBeGreaterThan(runs / 20);
  }, 120_000);
});

describe("minimising", () => {
  it("by the last few events alone finds what contradicts all that came before", () => {
    let found = 0;
    for (let seed = 1; seed <= 6_000; seed++) {
      const random = randomness(seed);
      const history = mutated(randomHistory(random, shapeOf(seed)), random);
      for (const partition of partitionsOf(history, linearizableParts)) {
        const search = new Search(partition);
        if (search.run(Number.POSITIVE_INFINITY) !== false) continue;
        const { essential } = minimise(partition, search, [1, 2, 3, Number.POSITIVE_INFINITY]);
        const ids = new Set(essential.map((event) => event.source.id));
        const began = Math.min(...essential.map((event) => event.source.invokedUs));
        const others = history.events.filter((event) => !ids.has(event.id) && (event.completedUs ?? began) >= began);
        expect(twin(history, "real-time", new Set(others.map((event) => event.id))), `seed ${seed}`).toBe(false);
        if (others.length + ids.size < history.events.length) found++;
      }
    }
    expect(found).toBeGreaterThan(100);
  }, 60_000);
});

/** Partitions are merged by time, so the witness orders equal times of different cells only where that is recorded. */
function hasNoTies(history: History): boolean {
  return history.events.every((event) => event.invokedOrder !== undefined);
}
