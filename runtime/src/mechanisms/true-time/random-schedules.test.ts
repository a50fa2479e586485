import { expect, test } from "vitest";
import { runRandomSchedule, type Schedule } from "./testing/random-schedule.js";

test.each([
  ["nyc london tokyo", 60],
  ["sydney london paris dublin frankfurt", 20],
  ["paris dublin tokyo nyc", 20],
])(
  "in %s the state is that of one execution in the order of timestamps, which respects real time, on %i schedules",
  (regions, schedules) => {
    const seen = { committed: 0, conflict: 0, indeterminate: 0, unavailable: 0, acrossShards: 0, value: 0 };
    for (let seed = 1; seed <= schedules; seed++) count(runRandomSchedule({ seed, regions: regions.split(" ") }), seen);
    // The schedules are worth something only if all of this happens often.
    expect(seen.committed).toBeGreaterThan(20 * schedules);
    expect(seen.acrossShards).toBeGreaterThan(5 * schedules);
    expect(seen.value).toBeGreaterThan(20 * schedules);
    for (const kind of ["conflict", "indeterminate", "unavailable"] as const) {
      expect(seen[kind]).toBeGreaterThan(schedules / 2);
    }
  },
  240_000,
);

function count({ rig: { sharding }, reads, commits }: Schedule, seen: Record<string, number>): void {
  const add = (kind: string) => {
    seen[kind] = (seen[kind] ?? 0) + 1;
  };
  for (const { reply } of reads) if (reply?.kind === "value") add("value");
  for (const { reply, request } of commits) {
    if (reply === undefined) continue;
    add(reply.kind);
    if (reply.kind !== "committed") continue;
    if (sharding.participantsOf(request).length > 1) add("acrossShards");
  }
}
