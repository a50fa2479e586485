import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SimulateProgress } from "../simulate/simulate.js";
import { Progress, progressLine } from "./progress.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

const at = (done: number, violated: number, rest: Partial<SimulateProgress> = {}): SimulateProgress => ({
  target: "bank.ts#main",
  total: 10_000,
  done,
  violated,
  ...rest,
});

it("tells how far, how fast, what was found and how long it still takes", () => {
  expect(progressLine([at(4_000, 0)], 4_000)).toBe(
    "4,000 of 10,000 schedules · 1,000 a second · none violated · 6 s left",
  );
  expect(progressLine([at(4_000, 12, { first: { name: "money is conserved", seed: 7 } })], 4_000)).toBe(
    "4,000 of 10,000 schedules · 1,000 a second · 12 violated · money is conserved: seed 7 · 6 s left",
  );
});

it("adds up the targets that have begun", () => {
  const both = [at(10_000, 0), at(100, 1, { first: { name: "one order", seed: 3 } })];
  expect(progressLine(both, 202_000)).toBe(
    "10,100 of 20,000 schedules · 50 a second · 1 violated · one order: seed 3 · 4 min left",
  );
});

it("counts states where every order is tried, and does not guess how many there are", () => {
  expect(progressLine([at(4_000, 0, { unit: "states" })], 4_000)).toBe(
    "4,000 states of 10,000 at most · 1,000 a second · none violated",
  );
  expect(progressLine([at(4_000, 2, { unit: "states" })], 4_000)).toContain("· 2 ends violated");
});

it("says now and then in a pipe how far a search is, which may take as long as it likes", () => {
  const pipe = new PassThrough({ encoding: "utf8" });
  const progress = new Progress(pipe as unknown as NodeJS.WriteStream);
  const written = (unit: "states" | undefined) => {
    for (let seconds = 0; seconds < 25; seconds++) {
      progress.show(at(seconds * 100, 0, { unit }));
      vi.advanceTimersByTime(1_000);
    }
    return pipe.read() as string | null;
  };
  expect(written(undefined)).toBeNull();
  expect(written("states")?.match(/states of 10,000 at most · [\d,]+ a second · none violated\n/g)).toHaveLength(3);
});

it("promises nothing before it knows", () => {
  expect(progressLine([at(0, 0)], 0)).toBe("0 of 10,000 schedules · 0 a second · none violated");
  expect(progressLine([at(1, 0)], 999)).not.toContain("left");
  expect(progressLine([at(0, 0)], 5_000)).not.toContain("left");
  expect(progressLine([at(1, 0)], 60_000)).toContain("167 h left");
});

it("says what it still does when all schedules are through: one that failed is made smaller", () => {
  const size = (operations: number, faults: number) => ({ operations, faults, sessions: 3 });
  const shrinking = { seed: 412, tried: 74, before: size(38, 4), now: size(6, 4) };
  const rest = { first: { name: "money is conserved", seed: 412 }, shrinking };
  expect(progressLine([at(10_000, 3, rest)], 10_000)).toBe(
    "10,000 of 10,000 schedules · 3 violated · making seed 412 smaller: 38 → 6 operations, 74 tried",
  );
  const trying = { done: 150, total: 600 };
  expect(progressLine([at(10_000, 3, { ...rest, shrinking: undefined, trying })], 10_000)).toBe(
    "10,000 of 10,000 schedules · 3 violated · trying remedies: 150 of 600 schedules",
  );
  expect(progressLine([at(9_000, 3, rest)], 9_000)).toContain("· money is conserved: seed 412 · 1 s left");
});
