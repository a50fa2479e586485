import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import { projection } from "../cqrs/index.js";
import { catchUp, type Event, noCheckpoint, type Recorded, rebuildProjection, type StreamProjection } from "./index.js";

type Sold = Event<"sold", { count: number }>;

const soldOf = (...counts: readonly number[]): readonly Recorded<Sold>[] =>
  counts.map((count, i) => ({ version: i + 1, timeMs: i, event: { type: "sold", count } }));

const total = projection({ name: "total", initialState: 0, evolve: (sum: number, { count }: Sold) => sum + count });

test("counts every event once, however often it is shown", () => {
  const events = soldOf(1, 2, 3);
  const first = catchUp(total, noCheckpoint(total), "till", events.slice(0, 2));
  expect(first).toEqual({ state: 3, versions: { till: 2 } });
  expect(catchUp(total, first, "till", events.slice(0, 2))).toBe(first);
  expect(catchUp(total, first, "till", events)).toEqual({ state: 6, versions: { till: 3 } });
});

test("keeps a place in each stream for itself, whatever the streams are called", () => {
  const one = catchUp(total, noCheckpoint(total), "constructor", soldOf(1));
  expect(catchUp(total, one, "other", soldOf(10, 20))).toEqual({ state: 31, versions: { constructor: 1, other: 2 } });
});

test("waits at a gap, and takes one event of a version", () => {
  const [one, two, three] = soldOf(1, 2, 3) as [Recorded<Sold>, Recorded<Sold>, Recorded<Sold>];
  const waiting = catchUp(total, noCheckpoint(total), "till", [one, three]);
  expect(waiting).toEqual({ state: 1, versions: { till: 1 } });
  const rival = { ...two, event: { ...two.event, count: 20 } };
  expect(catchUp(total, waiting, "till", [one, rival, two, three])).toEqual({ state: 24, versions: { till: 3 } });
});

test("knows where and when something happened", () => {
  const places: StreamProjection<Sold, readonly string[]> = {
    initialState: [],
    evolve: (seen, _event, { stream, version, timeMs }) => [...seen, `${stream} ${version} ${timeMs}`],
  };
  expect(catchUp(places, noCheckpoint(places), "till", soldOf(5, 5)).state).toEqual(["till 1 0", "till 2 1"]);
  expectTypeOf(total).toExtend<StreamProjection<Sold, number>>();
});

test("a checkpoint is a value: going on from it leaves it as it was, even if `evolve` does not", () => {
  const careless: StreamProjection<Sold, number[]> = {
    initialState: [],
    evolve(counts, { count }) {
      counts.push(count);
      return counts;
    },
  };
  const start = noCheckpoint(careless);
  const first = catchUp(careless, start, "till", soldOf(1));
  catchUp(careless, first, "till", soldOf(1, 2));
  expect([start.state, first.state, careless.initialState]).toEqual([[], [1], []]);
});

test("built anew it is what it was by steps of any size, repeated or not", () => {
  const steps = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 12 }), steps, (counts, slices) => {
      const events = soldOf(...counts);
      let checkpoint = noCheckpoint(total);
      for (const [from, to] of slices) checkpoint = catchUp(total, checkpoint, "till", events.slice(from, to));
      checkpoint = catchUp(total, checkpoint, "till", events);
      expect(checkpoint).toEqual(rebuildProjection(total, [["till", events]]));
      expect(checkpoint.state).toBe(counts.reduce((sum, count) => sum + count, 0));
    }),
  );
});
