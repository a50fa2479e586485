import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  around,
  type Event,
  everyEvents,
  everyPeriod,
  newestSnapshot,
  type Recorded,
  rebuild,
  recordedEvents,
  retain,
  type Snapshot,
  snapshotsAlong,
  stateAt,
  versionProblems,
} from "./index.js";

type Added = Event<"added", { item: number }>;

const list = {
  initialState: [] as readonly number[],
  evolve: (items: readonly number[], { item }: Added) => [...items, item],
};

/** Changes what it is given, as it must not. */
const careless = {
  initialState: [] as number[],
  evolve(items: number[], { item }: Added) {
    items.push(item);
    return items;
  },
};

const at = (version: number, timeMs: number): Recorded<Added> => ({
  version,
  timeMs,
  event: { type: "added", item: version },
});

const history = [at(1, 10), at(2, 20), at(3, 20), at(4, 15), at(5, 30)];

describe("a rebuild", () => {
  test("folds in the order of versions, from the beginning or from a snapshot", () => {
    const whole = { version: 5, timeMs: 30, state: [1, 2, 3, 4, 5] };
    expect(rebuild(list, history)).toEqual(whole);
    expect(rebuild(list, history, { version: 3, timeMs: 20, state: [1, 2, 3] })).toEqual(whole);
    expect(rebuild(list, [])).toEqual({ version: 0, timeMs: undefined, state: [] });
  });

  test("refuses an order by time", () => {
    const byTime = [...history].sort((a, b) => a.timeMs - b.timeMs);
    expect(() => rebuild(list, byTime)).toThrow("Version 2 comes after version 4: sort events by their versions");
  });

  test("changes neither the snapshot nor the initial state, even if `evolve` does", () => {
    const snapshots = snapshotsAlong(careless, history, everyEvents(2));
    const before = structuredClone(snapshots);
    expect(rebuild(careless, history, snapshots[0]).state).toEqual([1, 2, 3, 4, 5]);
    expect(rebuild(careless, history).state).toEqual([1, 2, 3, 4, 5]);
    expect(snapshots).toEqual(before);
    expect(careless.initialState).toEqual([]);
  });
});

describe("the state at a moment", () => {
  test("is the one after a version, or after the longest beginning that is not later", () => {
    expect(stateAt(list, history, { version: 3 }).state).toEqual([1, 2, 3]);
    expect(stateAt(list, history, { version: 0 })).toEqual({ version: 0, timeMs: undefined, state: [] });
    expect(stateAt(list, history, { timeMs: 9 }).state).toEqual([]);
    expect(stateAt(list, history, { timeMs: 20 }).state).toEqual([1, 2, 3, 4]);
    // Version 4 was stamped by a clock that is behind: 1 and 4 without 2 and 3 was never the state.
    expect(stateAt(list, history, { timeMs: 15 }).state).toEqual([1]);
  });

  test("around an event is before and after it", () => {
    expect(around(list, history, 3)).toEqual({ before: [1, 2], recorded: at(3, 20), after: [1, 2, 3] });
    expect(around(list, history, 6)).toBeUndefined();
  });

  test("never comes from a snapshot that is newer", () => {
    const snapshots: Snapshot<readonly number[]>[] = [
      { version: 2, timeMs: 20, state: [] },
      { version: 4, timeMs: 20, state: [] },
      { version: 5, timeMs: 30, state: [] },
    ];
    expect(newestSnapshot(snapshots, { version: 3 })?.version).toBe(2);
    expect(newestSnapshot(snapshots, { version: 1 })).toBeUndefined();
    expect(newestSnapshot(snapshots, { timeMs: 29 })?.version).toBe(4);
    expect(newestSnapshot(snapshots, { timeMs: 19 })).toBeUndefined();
    expect(newestSnapshot(snapshots, { timeMs: 30 })?.version).toBe(5);
  });

  test("is no moment where a date could not be read, and not the present", () => {
    const timeMs = Date.parse("2023-13-01");
    expect(() => stateAt(list, history, { timeMs })).toThrow(
      "`timeMs` is NaN, which is no moment. Accepted: a number.",
    );
    expect(() => stateAt(list, history, { version: undefined as never })).toThrow("`version` is undefined");
    expect(() => retain(list, history, { expiredUntilMs: timeMs })).toThrow("is NaN");
    expect(stateAt(list, history, { timeMs: Number.POSITIVE_INFINITY }).version).toBe(5);
  });

  /** What the clever one must agree with: takes the events that it may and folds them. */
  const naive = (events: readonly Recorded<Added>[], isLater: (recorded: Recorded<Added>) => boolean) => {
    const state: number[] = [];
    for (const recorded of events) {
      if (isLater(recorded)) break;
      state.push(recorded.event.item);
    }
    return state;
  };

  test("is the same with any snapshots and without", () => {
    const times = fc.array(fc.nat(30), { maxLength: 40 });
    fc.assert(
      fc.property(times, fc.nat(45), fc.nat(35), fc.integer({ min: 1, max: 9 }), (stamps, version, timeMs, every) => {
        const events = stamps.map((stamp, i) => at(i + 1, stamp));
        for (const policy of [everyEvents(every), everyPeriod(every)]) {
          const snapshots = snapshotsAlong(list, events, policy);
          expect(stateAt(list, events, { version }, snapshots).state).toEqual(
            naive(events, (each) => each.version > version),
          );
          expect(stateAt(list, events, { timeMs }, snapshots).state).toEqual(
            naive(events, (each) => each.timeMs > timeMs),
          );
          expect(around(list, events, version, snapshots)?.after).toEqual(around(list, events, version)?.after);
        }
      }),
    );
  });
});

describe("a snapshot policy", () => {
  const versions = (policy: ReturnType<typeof everyEvents>) =>
    snapshotsAlong(list, history, policy).map(({ version }) => version);

  test("counts events, or periods, or whatever one writes", () => {
    expect(versions(everyEvents(2))).toEqual([2, 4]);
    expect(versions(everyPeriod(15))).toEqual([1, 2, 5]);
    expect(versions(({ version }) => version === 3)).toEqual([3]);
  });

  test.each([() => everyEvents(0), () => everyEvents(1.5), () => everyPeriod(0), () => everyPeriod(Number.NaN)])(
    "that is never due is refused: %s",
    (make) => {
      expect(make).toThrow("that is never due");
    },
  );
});

describe("versions", () => {
  test("give the order of commits, whatever order the log has them in; collisions stay visible", () => {
    const commit = (version: number, ...items: number[]) => ({
      version,
      timeMs: 0,
      events: items.map((item): Added => ({ type: "added", item })),
    });
    const events = recordedEvents([commit(1, 10, 20), commit(4, 40), commit(3, 30), commit(3, 31)]);
    expect(events.map(({ version, event }) => `${version}: ${event.item}`)).toEqual([
      ...["1: 10", "2: 20", "3: 30", "3: 31", "4: 40"],
    ]);
    expect(versionProblems(events)).toEqual({ duplicated: [3], missing: [] });
  });

  test("that nobody has are missing", () => {
    expect(versionProblems([at(2, 0), at(5, 0)])).toEqual({ duplicated: [], missing: [1, 3, 4] });
    expect(versionProblems(history)).toEqual({ duplicated: [], missing: [] });
  });
});

describe("retention", () => {
  test("cuts the longest beginning that has expired, and leaves the state that it led to", () => {
    // Version 4 has a time from before the cut, and stays behind version 3, which has not.
    const stream = [...history.slice(0, 2), at(3, 25), ...history.slice(3)];
    const { expired, snapshot, kept } = retain(list, stream, { expiredUntilMs: 20 });
    expect(expired.map(({ version }) => version)).toEqual([1, 2]);
    expect(snapshot).toEqual({ version: 2, timeMs: 20, state: [1, 2] });
    expect(kept.map(({ version }) => version)).toEqual([3, 4, 5]);
    expect(stateAt(list, kept, { version: 1 }, [snapshot])).toMatchObject({ version: 0 });
  });

  test("loses nothing of the present, wherever it cuts", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 30 }), fc.nat(30), (stamps, expiredUntilMs) => {
        const events = stamps.map((stamp, i) => at(i + 1, stamp));
        const { expired, snapshot, kept } = retain(list, events, { expiredUntilMs });
        expect([...expired, ...kept]).toEqual(events);
        expect(rebuild(list, kept, snapshot)).toEqual(rebuild(list, events));
        expect(expired.every(({ timeMs }) => timeMs <= expiredUntilMs)).toBe(true);
        expect(kept.length === 0 || (kept[0]?.timeMs ?? 0) > expiredUntilMs).toBe(true);
      }),
    );
  });
});
