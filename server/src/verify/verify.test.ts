import fc from "fast-check";
import { expect, it } from "vitest";
import { probeWith, simulatedHistory } from "../../../runtime/src/checkers/causal/testing/simulated.js";
import type { History, Recording } from "../../../runtime/src/history/history.js";
import { decodeHistory, encodeHistory } from "../../../runtime/src/history/jsonl.js";
import { parseTimeline } from "../../../runtime/src/history/timeline.js";
import { causalBroadcast, type MechanismOptions, orderedLog, raft } from "../../../runtime/src/index.js";
import type { Level } from "../../../runtime/src/levels.js";
import { type VerifyResult, verifyHistory } from "./verify.js";

const judged = (history: History, level?: Level): VerifyResult => {
  const options = { level, run: <T>(work: () => T) => work(), givenUp: () => undefined, nowMs: () => 0 };
  return verifyHistory(history, options);
};

/** As a file has it: without evidence of what replicas did. */
const asRecorded = (history: History): History => decodeHistory(encodeHistory(history));

const facts: Recording = { startedAt: "", sampleRatio: 1, redacted: false, maxClockSkewMs: 0, isCutOff: false };

const provided: readonly [string, MechanismOptions, Level][] = [
  ["raft", raft(), "linearizable"],
  ["an ordered log", orderedLog(), "sequential"],
  ["causal broadcast", causalBroadcast(), "causal"],
];

it.each(provided)(
  "what %s did in simulated runs holds its level, and no part of it seems not to",
  async (_, mechanism, level) => {
    const probe = probeWith({ mechanism });
    const verdicts = new Map<string, number>();
    const count = (verdict: string) => verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    for (let seed = 1; seed <= 12; seed++) {
      const history = asRecorded(await simulatedHistory(probe, seed));
      const { document } = judged(history, level);
      expect(document.verdict, `seed ${seed}: ${JSON.stringify(document.anomalies)}`).not.toBe("invalid");
      count(document.verdict);
      const sessions = [...new Set(history.events.map(({ session }) => session))];
      const last = Math.max(...history.events.map(({ completedUs = 0 }) => completedUs));
      fc.assert(
        fc.property(fc.subarray(sessions), fc.double({ min: 0, max: 1, noNaN: true }), (kept, share) => {
          const sampled = history.events.filter(({ session }) => kept.includes(session));
          const recording = { ...facts, sampleRatio: 0.5 };
          expect(judged({ ...history, events: sampled, recording }, level).document.verdict).not.toBe("invalid");
          // A killed process has written what was complete by then.
          const written = history.events.filter(
            ({ completedUs = Number.POSITIVE_INFINITY }) => completedUs <= share * last,
          );
          const cutOff = { ...facts, isCutOff: true };
          expect(judged({ ...history, events: written, recording: cutOff }, level).document.verdict).not.toBe(
            "invalid",
          );
        }),
        { numRuns: 6, seed },
      );
    }
    expect(verdicts.get("valid") ?? 0).toBeGreaterThan(level === "causal" ? 0 : 9);
  },
  120_000,
);

const stale = parseTimeline(`
x: register 0
feed: log
nyc     [x.write(1)]  [feed.append("a")]  [feed.append("b")]
london                                                        [x.read() = 0]  [feed.entries() = ["a"]]
`);

it("a planted stale read is found where all is known, and none is made of it where not", () => {
  expect(judged(stale).document).toMatchObject({ verdict: "invalid", anomalies: [{ name: "stale-read" }] });
  const reads = stale.events.filter(({ operations }) => operations[0]?.operation.name !== "write");
  const registers = reads.filter(({ operations }) => operations[0]?.cell === "x");
  const recording = { ...facts, sampleRatio: 0.5 };
  const unaccounted = registers.map((event) => ({
    ...event,
    operations: event.operations.map((operation) => ({ ...operation, result: 7 })),
  }));
  const { document } = judged({ ...stale, events: unaccounted, recording });
  expect(document).toMatchObject({ verdict: "unknown", anomalies: [] });
  expect(document.reason).toContain("that is no anomaly yet");
});

it("a log that lacks what was appended is wrong, whoever else appended", () => {
  const recording = { ...facts, sampleRatio: 0.5 };
  const { document } = judged({ ...stale, recording });
  expect(document.verdict).toBe("invalid");
  expect(document.anomalies[0]?.operations.every((id) => stale.events.some((event) => event.id === id))).toBe(true);
  const appendedByOthers = parseTimeline(`
feed: log
nyc     [feed.append("a")]
london                      [feed.entries() = ["z", "a", "q"]]  [feed.entries() = ["z", "a", "q", "a"]]
  `);
  expect(judged({ ...appendedByOthers, recording }).document.verdict).toBe("unknown");
  const split = parseTimeline(`
feed: log
nyc     [feed.entries() = ["a"]]
london                            [feed.entries() = ["b", "a"]]
`);
  expect(judged({ ...split, recording }).document.verdict).toBe("invalid");
});

it("the order in which lines are written is no order of events", () => {
  const lines = encodeHistory(stale).trimEnd().split("\n");
  const [header = "", ...events] = lines;
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
      expect(decodeHistory([header, ...shuffled].join("\n"))).toEqual(asRecorded(stale));
    }),
  );
});
