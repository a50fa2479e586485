import { expect, it } from "vitest";
import { causalBroadcast, gossip, multiPrimary } from "../../index.js";
import { checkSession } from "../session/checker.js";
import { checkCausal } from "./checker.js";
import { probeWith, simulatedHistory } from "./testing/simulated.js";

it("causal broadcast is causal, sessions and all, under random faults", async () => {
  const probe = probeWith({ mechanism: causalBroadcast() });
  for (let seed = 1; seed <= 300; seed++) {
    const history = await simulatedHistory(probe, seed);
    expect(history.events.length, `seed ${seed}`).toBeGreaterThan(10);
    expect(checkCausal(history), `seed ${seed}`).toMatchObject({ outcome: "valid" });
    expect(checkSession(history), `seed ${seed}`).toEqual({ outcome: "valid" });
  }
}, 60_000);

it.each([
  ["gossip", gossip()],
  ["multiPrimary", multiPrimary()],
] as const)("%s is not", async (_, mechanism) => {
  const probe = probeWith({ mechanism });
  const told: string[] = [];
  for (let seed = 1; seed <= 30; seed++) {
    const history = await simulatedHistory(probe, seed);
    for (const verdict of [checkCausal(history), checkSession(history)])
      if (verdict.outcome === "invalid")
        for (const { name, message, events } of verdict.anomalies)
          told.push(`seed ${seed}, ${name} of ${events.join(" ")}: ${message}`);
  }
  expect(told).toMatchSnapshot();
});
