import { expect, it } from "vitest";
import type { HistoryCell } from "../history/history.js";
import { parseTimeline } from "../history/timeline.js";
import { isAtLeast, levels } from "../levels.js";
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

it("judges sequential consistency by the domain", () => {
  expect(verify(stale, { level: "sequential" })).toEqual({ outcome: "valid", witness: [1, 0] });
  const buffering = parseTimeline(`
x: register 0
y: register 0
nyc     [x.write(1)]  [y.read() = 0]
london  [y.write(1)]  [x.read() = 0]
`);
  expect(verify(buffering, { level: "sequential" })).toMatchObject({
    outcome: "invalid",
    anomalies: [{ name: "store-buffering", events: [0, 1, 2, 3] }],
  });
  const [x, y] = buffering.cells as [HistoryCell, HistoryCell];
  const apart = { ...buffering, cells: [x, { ...y, domain: "another" }] };
  expect(verify(apart, { level: "sequential" })).toEqual({ outcome: "valid" });
});

it("judges causal consistency by the domain", () => {
  expect(verify(stale, { level: "causal" })).toMatchObject({ outcome: "valid" });
  const backwards = parseTimeline(`
x: register 0
nyc     [x.write(1)]
london                [x.read() = 1]  [x.read() = 0]
`);
  expect(verify(backwards, { level: "causal" })).toMatchObject({ outcome: "invalid" });
});

it.each([
  ["serializable", "valid"],
  ["strong-session-serializable", "valid"],
  ["strict-serializable", "invalid"],
] as const)("judges transactions as %s", (model, outcome) => {
  expect(verify(stale, { model }).outcome).toBe(outcome);
});

it("judges one thing at a time", () => {
  expect(() => verify(stale, {})).toThrow(TypeError);
  expect(() => verify(stale, { level: "sequential", model: "serializable" })).toThrow(TypeError);
});

it.each(levels.filter((level) => !isAtLeast(level, "causal")))(
  "does not call valid what it cannot judge: %s",
  (level) => {
    expect(verify(stale, { level })).toMatchObject({ outcome: "unknown" });
  },
);

it.each([{ level: "sequential" }, { model: "serializable" }] as const)("nor gives up as valid: %o", (asked) => {
  const counters = parseTimeline(`
x: counter 0
nyc     [x.increment(1)]  [x.read() = 1]
london  [x.increment(2)]  [x.read() = 3]
`);
  expect(verify(counters, asked)).toMatchObject({ outcome: "valid" });
  expect(verify(counters, { ...asked, steps: 1 })).toMatchObject({ outcome: "unknown" });
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
