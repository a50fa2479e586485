import { expect, it } from "vitest";
import type { OrderModel } from "../search/order.js";
import { mutated, randomHistory, randomness, type Shape } from "../search/testing/random-history.js";
import { isWitness, twin } from "../search/testing/twin.js";
import { checkSerializable, type SerializableModel } from "./checker.js";

const runs = 6_000;

const orders: readonly (readonly [SerializableModel, OrderModel])[] = [
  ["serializable", "none"],
  ["strong-session-serializable", "session"],
  ["strict-serializable", "real-time"],
];

/** Every other run writes distinct values, so that dependencies can be told from them. */
const shapeOf = (seed: number, order: OrderModel): Shape => ({
  order: seed % 7 === 0 ? "none" : order,
  evidence: (["none", "right", "wrong"] as const)[seed % 3] ?? "none",
  distinct: seed % 2 === 0,
  maxEvents: 5,
});

it.each(orders)(
  "%s: agrees with trying all orders, whatever the evidence says",
  (model, order) => {
    const counts = { valid: 0, invalid: 0 };
    for (let seed = 1; seed <= runs; seed++) {
      const random = randomness(seed);
      const run = randomHistory(random, shapeOf(seed, order));
      const history = seed % 5 === 0 ? run : mutated(run, random);
      const verdict = checkSerializable(history, { model });
      expect(verdict.outcome, `seed ${seed}`).toBe(twin(history, order) ? "valid" : "invalid");
      if (verdict.outcome === "valid") {
        counts.valid++;
        expect(isWitness(history, order, verdict.witness ?? []), `seed ${seed}`).toBe(true);
      } else if (verdict.outcome === "invalid") {
        counts.invalid++;
        const essential = new Set(verdict.anomalies[0]?.events);
        const others = history.events.map((event) => event.id).filter((id) => !essential.has(id));
        expect(twin(history, order, new Set(others)), `seed ${seed}: the anomaly is none`).toBe(false);
      }
    }
    expect(counts.valid).toBeGreaterThan(runs / 4);
    expect(counts.invalid).toBeGreaterThan(runs / 10);
  },
  120_000,
);
