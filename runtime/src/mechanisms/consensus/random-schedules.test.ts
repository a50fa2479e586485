import { describe, expect, test } from "vitest";
import type { ClusterOptions } from "./testing/cluster.js";
import { runRandomSchedule } from "./testing/random-schedule.js";

const networks: Readonly<Record<string, Partial<ClusterOptions>>> = {
  "steady links": {},
  "links that lose, repeat, reorder and delay": { jitterUs: 60_000, loss: 50, duplication: 50, straggling: 10 },
};

describe.each(Object.entries(networks))("with %s", (_, network) => {
  test.each([
    [3, 150],
    [5, 80],
    [7, 40],
  ])(
    "%i replicas keep Raft's safety properties and answer truthfully on %i schedules",
    (replicaCount, schedules) => {
      let acknowledged = 0;
      let unavailable = 0;
      let indeterminate = 0;
      let snapshots = 0;
      for (let seed = 1; seed <= schedules; seed++) {
        // From a snapshot after each entry to hardly any, and histories that are shorter than a transaction.
        const everyEntries = [1, 2, 4, 8, 16, 64][seed % 6] as number;
        const { calls, messages } = runRandomSchedule({
          ...network,
          seed,
          replicaCount,
          readPosition: seed % 3 === 0 ? "session" : "leader",
          compaction: { everyEntries, historyEntries: everyEntries * (seed % 4) },
        });
        acknowledged += calls.filter(({ reply }) => reply?.kind === "committed").length;
        unavailable += calls.filter(
          ({ reply, request }) => reply?.kind === "unavailable" && request.kind === "commit",
        ).length;
        indeterminate += calls.filter(({ reply }) => reply?.kind === "indeterminate").length;
        snapshots += messages.get("installSnapshot") ?? 0;
      }
      // The schedules are worth something only if all of this happens often.
      expect(acknowledged).toBeGreaterThan(5 * schedules);
      expect(unavailable).toBeGreaterThan(schedules / 10);
      expect(indeterminate).toBeGreaterThan(schedules / 10);
      expect(snapshots).toBeGreaterThan(schedules);
    },
    120_000,
  );
});
