import { expect, it } from "vitest";
import { parseTimeline } from "../history/timeline.js";
import { levels } from "../levels.js";
import { decodeHistory, encodeHistory, verify } from "./index.js";

const stale = parseTimeline(`
x: register 0
nyc     [x.write(1)]
london                [x.read() = 0]
`);

it("judges a history that was written and read back", () => {
  const verdict = verify(decodeHistory(encodeHistory(stale)), { level: "linearizable" });
  expect(verdict).toMatchObject({ outcome: "invalid", anomalies: [{ name: "stale-read", events: [0, 1] }] });
});

it.each(levels.filter((level) => level !== "linearizable"))("does not call valid what it cannot judge: %s", (level) => {
  expect(verify(stale, { level })).toMatchObject({ outcome: "unknown" });
});

it("does not call valid what it had no steps left for", () => {
  const verdict = verify(stale, { level: "linearizable", steps: 1 });
  expect(verdict).toEqual({
    outcome: "unknown",
    reason: "The search for an order of the operations on x was given up at its limit of steps.",
  });
});

it("one hard object does not hide an easy violation in another", () => {
  // Sixty concurrent increments and a read that none of their orders explains: far more orders than there are steps.
  const rows = Array.from({ length: 60 }, (_, i) => `p${i} [hard.increment(${2 ** (i % 20)})${"-".repeat(60)}]`);
  const history = parseTimeline(`
hard: counter 0
x: register 0
${rows.join("\n")}
reader${" ".repeat(100)}[hard.read() = 0.5]
nyc     [x.write(1)]
london                [x.read() = 0]
`);
  const verdict = verify(history, { level: "linearizable", steps: 100_000 });
  expect(verdict).toMatchObject({ outcome: "invalid", anomalies: [{ name: "stale-read" }] });
});
