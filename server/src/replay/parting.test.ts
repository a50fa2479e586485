import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Step } from "./course.js";
import { describeParting, partingOf } from "./parting.js";

const call: Step = {
  ...{ kind: "call", atUs: 100_000, endUs: 121_000, session: 1, region: "nyc", outcome: "ok" },
  does: "alice.transfer(carol, 30)",
};
const debit: Step = {
  ...{ kind: "operation", atUs: 100_000, endUs: 121_000, session: 1, region: "nyc", outcome: "ok" },
  ...{ within: call.does, does: "alice.balance 100 → 70", operation: "update", level: "linearizable" },
  place: { file: "bank.ts", line: 14, text: "await this.balance.update((b) => b - amount);" },
};
const recorded = [call, debit];

const parted = (now: readonly Step[]): string | undefined => {
  const parting = partingOf(recorded, now);
  return parting && describeParting(parting);
};

describe("where a schedule parts from its recording", () => {
  const within = "in `alice.transfer(carol, 30)`";
  const differences: readonly (readonly [what: string, now: readonly Step[], says: string])[] = [
    [
      "another value",
      [call, { ...debit, does: "alice.balance 100 → 60" }],
      "where `alice.transfer(carol, 30)` recorded `alice.balance 100 → 70` and now does `100 → 60` (bank.ts:14)",
    ],
    [
      "another cell",
      [call, { ...debit, does: "alice.limit 5 → 4" }],
      "where `alice.transfer(carol, 30)` recorded `alice.balance 100 → 70` and now does `alice.limit 5 → 4` (bank.ts:14)",
    ],
    [
      "another call",
      [{ ...call, does: "alice.transfer(bob, 30)" }, debit],
      "where `alice.transfer(carol, 30)` was recorded and the program now calls `alice.transfer(bob, 30)`",
    ],
    [
      "a refusal",
      [call, { ...debit, outcome: "fail" }],
      `where \`alice.balance 100 → 70\` ${within} succeeded and now was refused (bank.ts:14)`,
    ],
    [
      "another level",
      [call, { ...debit, level: "eventual" }],
      `where \`alice.balance 100 → 70\` ${within} was recorded as linearizable and is now eventual (bank.ts:14)`,
    ],
    [
      "another operation",
      [call, { ...debit, operation: "write" }],
      `where \`alice.balance 100 → 70\` ${within} was recorded as update and is now write (bank.ts:14)`,
    ],
    [
      "another session",
      [call, { ...debit, session: 2, region: "tokyo" }],
      `where \`alice.balance 100 → 70\` ${within} was recorded in session 1 (nyc) and is now done in session 2 (tokyo) (bank.ts:14)`,
    ],
    [
      "another time",
      [call, { ...debit, endUs: 131_000 }],
      `where \`alice.balance 100 → 70\` ${within} was recorded from 0.100 s to 0.121 s and is now from 0.100 s to 0.131 s (bank.ts:14)`,
    ],
    [
      "another time by less than is told",
      [call, { ...debit, endUs: 121_200 }],
      `where \`alice.balance 100 → 70\` ${within} was recorded from 0.100000 s to 0.121000 s and is now from 0.100000 s to 0.121200 s (bank.ts:14)`,
    ],
    [
      "an end",
      [call],
      `where \`alice.balance 100 → 70\` ${within} was recorded and the program does nothing more (bank.ts:14)`,
    ],
    [
      "more",
      [...recorded, { ...call, atUs: 121_000, does: "alice.close()" }],
      "where the recording ends and the program goes on with `alice.close()`",
    ],
  ];
  for (const [what, now, says] of differences)
    it(`is ${what}`, () => {
      const at = now[0]?.does === call.does ? "0.121" : "0.100";
      expect(parted(now)).toBe(`they part at ${at} s, ${says}`);
    });

  it("is nowhere, whatever lines say", () => {
    const line = fc.record({ file: fc.string(), line: fc.nat(), text: fc.string() });
    fc.assert(
      fc.property(line, (place) => {
        expect(partingOf(recorded, [call, { ...debit, place }])).toBeUndefined();
      }),
    );
  });
});
