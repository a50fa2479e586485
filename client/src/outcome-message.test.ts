import { expect, test } from "vitest";
import type { SimulateOutcome, SimulateRun, SimulateViolation } from "../../server/src/protocol.js";
import { outcomeMessage } from "./outcome-message.js";

const violation: SimulateViolation = {
  kind: "invariant",
  name: "money is conserved",
  anomaly: "lost-update",
  seed: 412,
  count: 3,
  message: "",
  expected: "300",
  observed: "270",
  location: null,
  related: [],
  shrunk: null,
  remedies: [],
};
const held: SimulateRun = {
  target: "bank.ts#fixed",
  seed: 1,
  schedules: 1_000,
  vacuous: 0,
  outcome: "holds",
  reason: null,
  violations: [],
  operations: [],
  faultsFired: {},
  simulatedMs: 1,
  wallMs: 1,
};
const violated: SimulateRun = { ...held, target: "bank.ts#split", outcome: "violated", violations: [violation] };
const unknown: SimulateRun = { ...held, target: "bank.ts#idle", outcome: "unknown", reason: "Nothing was judged." };

function outcome(runs: readonly SimulateRun[], cancelled = false): SimulateOutcome {
  return { document: { schema: 1, runs }, text: "", cancelled };
}

test.each([
  ["holds", [held], "information", "fixed holds in 1,000 schedules."],
  ["is unknown", [held, unknown], "information", "idle: unknown. Nothing was judged."],
  ["is violated", [unknown, violated, held], "warning", "money is conserved: violated in 3 of 1,000 schedules."],
] as const)("what %s is said in a line", (_, runs, severity, text) => {
  expect(outcomeMessage(outcome(runs))).toEqual({ severity, text });
});

test("who cancels a run knows how it ended", () => {
  expect(outcomeMessage(outcome([violated], true))).toBeUndefined();
});
