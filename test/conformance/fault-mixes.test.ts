import { describe, expect, it } from "vitest";
import { explore } from "../../runtime/src/simulation/index.js";
import { configurations } from "./configurations.js";
import { trafficOn } from "./workload.js";

/** What each mix adds to the faults that it shares with others. A fault that never took effect proves nothing. */
const adds: Readonly<Record<string, readonly string[]>> = {
  random: ["crash", "isolate", "isolateLeader", "partition", "pause"],
  clocks: ["clockSkew"],
  links: ["delay", "duplication", "loss", "reordering"],
  promotions: ["pause", "promote"],
  drift: ["clockDrift"],
  "drift beyond": ["clockDrift", "isolate"],
  "cut off": ["isolate"],
  skew: ["clockSkew"],
};

const met = new Map(
  configurations.flatMap((configuration) =>
    configuration.mixes.map((mix) => [mix.description, { configuration, mix }]),
  ),
);

describe.each([...met.values()])("$mix.description", ({ configuration, mix }) => {
  it("really happens", async () => {
    const { subjectAt, claims, traffic, plainFrom } = configuration;
    const target = trafficOn(subjectAt(claims), mix, traffic, plainFrom !== undefined);
    const { faultsFired } = await explore(target, { schedules: 40 });
    expect(Object.keys(faultsFired)).toEqual(expect.arrayContaining([...(adds[mix.id] ?? [])]));
    expect(adds[mix.id]).toBeDefined();
  });
});
