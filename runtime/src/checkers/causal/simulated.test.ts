import { expect, it } from "vitest";
import { causalBroadcast, gossip, multiPrimary, orderedLog } from "../../index.js";
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

it("an ordered log is, by where its operations stand", async () => {
  const probe = probeWith({ mechanism: orderedLog() });
  let witnesses = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const history = await simulatedHistory(probe, seed);
    const verdict = checkCausal(history);
    expect(verdict, `seed ${seed}`).toMatchObject({ outcome: "valid" });
    if (verdict.outcome === "valid" && verdict.witness !== undefined) witnesses++;
    // A read that shows another value makes the order no witness; sums and removes then leave nothing to judge by.
    const reads = history.events.filter(
      ({ operations: [o] }) => o?.operation.name === "read" && o.cell.endsWith("views"),
    );
    const [wrong] = reads;
    if (wrong === undefined) continue;
    const operations = wrong.operations.map((o) => ({ ...o, result: 1_000 }));
    const events = history.events.map((event) => (event === wrong ? { ...event, operations } : event));
    expect(checkCausal({ ...history, events }).outcome, `seed ${seed}`).not.toBe("valid");
  }
  expect(witnesses).toBe(40);
}, 60_000);

it.each([
  ["gossip", gossip()],
  ["multiPrimary", multiPrimary()],
] as const)("%s is not", async (_, mechanism) => {
  const probe = probeWith({ mechanism });
  const told = new Set<string>();
  for (let seed = 1; seed <= 100 && told.size < 3; seed++) {
    const history = await simulatedHistory(probe, seed);
    for (const verdict of [checkCausal(history), checkSession(history)])
      if (verdict.outcome === "invalid")
        for (const { name, message, events } of verdict.anomalies)
          told.add(`seed ${seed}, ${name} of ${events.join(" ")}: ${message}`);
  }
  expect([...told]).toMatchSnapshot();
});
