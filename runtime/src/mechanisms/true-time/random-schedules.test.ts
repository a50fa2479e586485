import { describe, expect, test } from "vitest";
import { runRandomSchedule, type Schedule } from "./testing/random-schedule.js";

const far = ["nyc", "london", "tokyo"];
/** A majority answers before the commit wait is over. */
const near = ["paris", "london", "dublin"];
const five = ["sydney", "london", "paris", "dublin", "frankfurt"];

test.each([
  [far, 7, 60],
  [far, 100, 60],
  [near, 7, 40],
  [five, 30, 30],
  [["paris", "london"], 7, 20],
  [["paris"], 7, 20],
])(
  "in %j with ε = %i ms the state is that of one execution by timestamps, which respects real time, on %i schedules",
  (regions, epsilonMs, schedules) => {
    const seen: Record<string, number> = {};
    for (let seed = 1; seed <= schedules; seed++)
      count(runRandomSchedule({ seed, regions, options: { epsilonMs } }), seen);
    // The schedules are worth something only if all of this happens often.
    const often = ["committed", "value", ...(regions.length > 1 ? ["committed across shards", "conflict"] : [])];
    for (const kind of often) expect(seen[kind], kind).toBeGreaterThan(5 * schedules);
    if (regions.length < 3) return; // nobody crashes where a majority would be gone
    for (const kind of ["indeterminate", "unavailable"]) expect(seen[kind], kind).toBeGreaterThan(schedules / 3);
    expect(seen["snapshot installed"]).toBeGreaterThan(schedules / 20);
  },
  120_000,
);

describe("without commit wait", () => {
  test.each([
    [far, 100],
    [near, 7],
  ])("in %j with ε = %i ms nothing but real time is broken, and that often", (regions, epsilonMs) => {
    const broken: unknown[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      try {
        runRandomSchedule({ seed, regions, options: { epsilonMs, commitWait: false } });
      } catch (error) {
        broken.push(((error as Error).cause as Error).message);
      }
    }
    expect(new Set(broken)).toEqual(new Set(["stale in real time"]));
    expect(broken.length).toBeGreaterThan(5);
  });
});

function count({ rig: { sharding, messages }, reads, commits }: Schedule, seen: Record<string, number>): void {
  const add = (kind: string) => {
    seen[kind] = (seen[kind] ?? 0) + 1;
  };
  if (messages.has("installSnapshot")) add("snapshot installed");
  for (const { reply } of reads) if (reply?.kind === "value") add("value");
  for (const { reply, request } of commits) {
    if (reply === undefined) continue;
    add(reply.kind);
    const isAcross = sharding.participantsOf(request).length > 1;
    if (reply.kind === "committed" && isAcross) add("committed across shards");
  }
}
