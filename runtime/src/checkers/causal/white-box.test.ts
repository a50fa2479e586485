import { describe, expect, it } from "vitest";
import type { History } from "../../history/history.js";
import { checkCausal } from "./checker.js";
import { searchCausal } from "./search.js";
import { corruptions } from "./testing/corruptions.js";
import { pick, randomness } from "./testing/random.js";
import { replicatedHistory } from "./testing/replicas.js";
import { twin } from "./testing/twin.js";

const runs = 12_000;

/** Nothing of the mechanism's own word. */
const withoutEvidence = ({ cells, events }: History): History => ({ version: 1, cells, events });

describe("the white box", () => {
  it("finds nothing wrong with replicas that deliver in causal order", () => {
    for (let seed = 1; seed <= runs; seed++) {
      const history = replicatedHistory(randomness(seed), true);
      expect(checkCausal(history), `seed ${seed}`).toEqual({ outcome: "valid" });
    }
  }, 60_000);

  it("agrees with its twin where replicas deliver in any order, and what it calls valid has an explanation", () => {
    const counts = { valid: 0, invalid: 0, explained: 0 };
    for (let seed = 1; seed <= runs; seed++) {
      const history = replicatedHistory(randomness(seed), false);
      const { outcome } = checkCausal(history);
      expect(outcome, `seed ${seed}`).toBe(twin(history) ? "valid" : "invalid");
      if (outcome === "invalid") counts.invalid++;
      if (outcome !== "valid") continue;
      counts.valid++;
      const searched = searchCausal(withoutEvidence(history), "ccv");
      expect(searched?.outcome, `seed ${seed}`).not.toBe("invalid");
      if (searched?.outcome === "valid") counts.explained++;
    }
    expect(counts.valid).toBeGreaterThan(runs / 2);
    expect(counts.invalid).toBeGreaterThan(runs / 50);
    expect(counts.explained).toBeGreaterThan(runs / 2);
  }, 120_000);

  it.each(Object.keys(corruptions))("agrees with its twin on evidence of which %s, and finds it", (kind) => {
    const corrupt = corruptions[kind] as NonNullable<(typeof corruptions)[string]>;
    let found = 0;
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = randomness(seed);
      const history = corrupt(replicatedHistory(random, pick(random, [true, false])), random);
      if (history === undefined) continue;
      const verdict = checkCausal(history);
      expect(verdict.outcome, `seed ${seed}: ${JSON.stringify(verdict)}`).toBe(twin(history) ? "valid" : "invalid");
      if (verdict.outcome === "invalid") found++;
    }
    expect(found).toBeGreaterThan(10);
  });

  it("without evidence decides by values, or says why it cannot", () => {
    const counts = { valid: 0, invalid: 0, unknown: 0 };
    for (let seed = 1; seed <= 2_000; seed++) {
      const history = replicatedHistory(randomness(seed), true);
      const verdict = checkCausal(withoutEvidence(history));
      counts[verdict.outcome]++;
      expect(verdict.outcome, `seed ${seed}: ${JSON.stringify(verdict)}`).not.toBe("invalid");
    }
    expect(counts.valid).toBeGreaterThan(1_000);
  });
});
