import { describe, expect, it } from "vitest";
import { parseSavedTrace, renderSavedTrace, type SavedTrace } from "./saved-trace.js";

const trace: SavedTrace = {
  ...{ schema: 1, target: "bank.ts#Account", choice: { faults: "none", levels: { "*": "causal" } } },
  decisions: {
    seed: 412,
    regions: ["nyc", "london"],
    plan: {
      identities: [{ target: "Account", id: "account1" }],
      sessions: [
        {
          region: "nyc",
          calls: [
            {
              ...{ thinkMs: 3, on: { target: "Account", id: "account1" }, method: "pay" },
              args: { kind: "drawn", values: [1] },
            },
          ],
        },
      ],
    },
    faults: [{ fault: "partition", groups: [["nyc"], ["london"]], fromMs: 10, untilMs: 900 }],
    delays: [{ from: "nyc", to: "london", index: 0, extraUs: 1_200 }],
  },
  violation: { kind: "invariant", name: "money is conserved", anomaly: "lost-update" },
  course: [
    {
      ...{ kind: "call", atUs: 0, endUs: 121_000, session: 1, region: "nyc", does: "account1.pay(1)", outcome: "ok" },
      place: { file: "bank.ts", line: 3, text: "async pay(amount: number) {" },
    },
  ],
};

describe("a saved trace", () => {
  it("comes back as it was", () => {
    expect(parseSavedTrace(renderSavedTrace(trace), "trace.json")).toEqual(trace);
  });

  it("may begin with the mark that some editors put there", () => {
    expect(parseSavedTrace(`\ufeff${renderSavedTrace(trace)}`, "trace.json")).toEqual(trace);
  });

  const broken: readonly (readonly [text: string, says: RegExp])[] = [
    ["{", /^trace\.json is not JSON\.[\s\S]*--save trace\.json/],
    ["[]", /^trace\.json is not a trace that faultline has saved\./],
    [JSON.stringify({ ...trace, schema: 2 }), /^trace\.json was saved by a later release: it has format 2/],
    [JSON.stringify({ ...trace, target: "bank.ts" }), /at target/],
    [JSON.stringify({ ...trace, decisions: { ...trace.decisions, seed: "x" } }), /at decisions\.seed/],
    [JSON.stringify({ ...trace, decisions: { ...trace.decisions, seed: -4 } }), /at decisions\.seed/],
    [JSON.stringify({ ...trace, surplus: 1 }), /Unrecognized key: "surplus"/],
  ];
  for (const [text, says] of broken)
    it(`is refused: ${text.length > 40 ? `${text.slice(0, 40)}…` : text} ${says}`, () => {
      expect(() => parseSavedTrace(text, "trace.json")).toThrow(says);
    });
});
