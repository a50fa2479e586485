import { describe, expect, it } from "vitest";
import { parseTimeline } from "../../history/timeline.js";
import { checkCausal } from "../causal/checker.js";
import { corruptions } from "../causal/testing/corruptions.js";
import { pick, randomness } from "../causal/testing/random.js";
import { replicatedHistory } from "../causal/testing/replicas.js";
import { checkSession, sessionGuarantees } from "./checker.js";

const broken = {
  "read-your-writes": `
x: register @causal 0
nyc     [x.write(1)]  [x.read() = 0]
`,
  "monotonic-reads": `
x: register @causal 0
nyc     [x.write(1)]
tokyo                 [x.read() = 1]  [x.read() = 0]
`,
  "monotonic-writes": `
x: register @causal 0
y: register @causal 0
nyc     [x.write(1)]  [y.write(2)]
tokyo                                [y.read() = 2]  [x.read() = 0]
`,
  "writes-follow-reads": `
x: register @causal 0
y: register @causal 0
nyc     [x.write(1)]
london                [x.read() = 1]  [y.write(2)]
tokyo                                               [y.read() = 2]  [x.read() = 0]
`,
} as const;

describe("by values", () => {
  it.each(sessionGuarantees)("%s is broken alone", (guarantee) => {
    const history = parseTimeline(broken[guarantee]);
    const verdict = checkSession(history);
    expect(verdict).toMatchObject({ outcome: "invalid", anomalies: [expect.anything()] });
    expect(verdict).toMatchSnapshot();
    for (const other of sessionGuarantees)
      expect(checkSession(history, { guarantees: [other] }).outcome).toBe(other === guarantee ? "invalid" : "valid");
  });

  it("a session that goes back and forth between two writes does not read monotonically", () => {
    const history = parseTimeline(`
x: register @causal 0
nyc     [x.write(1)]
london  [x.write(2)]
tokyo                  [x.read() = 1]  [x.read() = 2]  [x.read() = 1]
`);
    expect(checkSession(history)).toMatchObject({ outcome: "invalid", anomalies: [{ name: "non-monotonic-read" }] });
  });

  it("does not guess where values do not tell who wrote them", () => {
    const history = parseTimeline("views: counter @causal 0\nnyc     [views.increment()]  [views.read() = 1]\n");
    expect(checkSession(history)).toMatchObject({ outcome: "unknown" });
  });
});

describe("what is causal", () => {
  it("keeps all four guarantees, with evidence and without", () => {
    const counts = { causal: 0, byValues: 0, broken: 0 };
    for (let seed = 1; seed <= 6_000; seed++) {
      const history = replicatedHistory(randomness(seed), seed % 2 === 0);
      const isCausal = checkCausal(history).outcome === "valid";
      if (isCausal) expect(checkSession(history), `seed ${seed}`).toEqual({ outcome: "valid" });
      else if (checkSession(history).outcome === "invalid") counts.broken++;
      const { cells, events } = history;
      const byValues = checkSession({ version: 1, cells, events });
      if (!isCausal) continue;
      counts.causal++;
      expect(byValues.outcome, `seed ${seed}: ${JSON.stringify(byValues)}`).not.toBe("invalid");
      if (byValues.outcome === "valid") counts.byValues++;
    }
    expect(counts.causal).toBeGreaterThan(3_000);
    expect(counts.byValues).toBeGreaterThan(1_000);
    expect(counts.broken).toBeGreaterThan(50);
  });

  it.each(Object.keys(corruptions))("does so too where %s", (kind) => {
    const corrupt = corruptions[kind] as NonNullable<(typeof corruptions)[string]>;
    for (let seed = 1; seed <= 1_000; seed++) {
      const random = randomness(seed);
      const history = corrupt(replicatedHistory(random, pick(random, [true, false])), random);
      if (history !== undefined && checkCausal(history).outcome === "valid")
        expect(checkSession(history), `seed ${seed}`).toEqual({ outcome: "valid" });
    }
  });
});
