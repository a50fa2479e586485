import { expect, it } from "vitest";
import { mutated, randomHistory, randomness, type Shape } from "../search/testing/random-history.js";
import { isWitness, twin } from "../search/testing/twin.js";
import { checkSequential } from "./checker.js";

const runs = 12_000;

/** Half of the runs take effect in an order that only sessions keep, the others in real time. */
const shapeOf = (seed: number): Shape => ({
  order: seed % 2 === 0 ? "session" : "real-time",
  evidence: (["none", "right", "wrong"] as const)[seed % 3] ?? "none",
  maxEvents: 6,
});

it("agrees with trying all orders, whatever the evidence says, and every witness and every anomaly holds", () => {
  const counts = { valid: 0, invalid: 0, smaller: 0 };
  for (let seed = 1; seed <= runs; seed++) {
    const random = randomness(seed);
    const run = randomHistory(random, shapeOf(seed));
    const history = seed % 5 === 0 ? run : mutated(run, random);
    const verdict = checkSequential(history);
    expect(verdict.outcome, `seed ${seed}`).toBe(twin(history, "session") ? "valid" : "invalid");
    if (seed % 5 === 0) expect(verdict.outcome, `seed ${seed}`).toBe("valid");
    if (verdict.outcome === "valid") {
      counts.valid++;
      expect(isWitness(history, "session", verdict.witness ?? []), `seed ${seed}`).toBe(true);
    } else if (verdict.outcome === "invalid") {
      counts.invalid++;
      const essential = new Set(verdict.anomalies[0]?.events);
      const others = history.events.map((event) => event.id).filter((id) => !essential.has(id));
      expect(twin(history, "session", new Set(others)), `seed ${seed}: the anomaly is none`).toBe(false);
      if (essential.size < history.events.length) counts.smaller++;
    }
  }
  expect(counts.valid).toBeGreaterThan(runs / 4);
  expect(counts.invalid).toBeGreaterThan(runs / 10);
  expect(counts.smaller).toBeGreaterThan(runs / 20);
}, 120_000);
