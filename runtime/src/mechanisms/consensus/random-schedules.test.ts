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
      for (let seed = 1; seed <= schedules; seed++) {
        const { calls } = runRandomSchedule({
          ...network,
          seed,
          replicaCount,
          readPosition: seed % 3 === 0 ? "session" : "leader",
        });
        acknowledged += calls.filter(({ reply }) => reply?.kind === "committed").length;
        unavailable += calls.filter(
          ({ reply, request }) => reply?.kind === "unavailable" && request.kind === "commit",
        ).length;
        indeterminate += calls.filter(({ reply }) => reply?.kind === "indeterminate").length;
      }
      // The schedules are worth something only if all of this happens often.
      expect(acknowledged).toBeGreaterThan(5 * schedules);
      expect(unavailable).toBeGreaterThan(schedules / 10);
      expect(indeterminate).toBeGreaterThan(schedules / 10);
    },
    120_000,
  );
});
