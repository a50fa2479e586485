import { describe, expect, it } from "vitest";
import { describeState } from "../../data/describe-state.js";
import { counterType, setType } from "../../data/index.js";
import {
  type AcknowledgedOperation,
  type ConvergenceCell,
  type ConvergenceInput,
  checkConvergence,
} from "./checker.js";

const regions = ["nyc", "london", "tokyo"];

function views(values: Record<string, number>, level: ConvergenceCell["level"] = "eventual"): ConvergenceCell {
  const replicas = Object.entries(values).map(([region, state]) => {
    return [region, { encoded: counterType.encode(state), described: String(state) }] as const;
  });
  return { label: "page.views", level, replicas: new Map(replicas) };
}

const increment: AcknowledgedOperation = {
  id: 7,
  event: 3,
  label: "page.views",
  level: "eventual",
  domain: "gossip",
  description: "increment by 1",
  region: "nyc",
  atUs: 412_000,
};

const settled: ConvergenceInput = { regions, cells: [], acknowledged: [], applied: () => true };

describe("convergence", () => {
  it("is reached where all replicas hold the same and have everything", () => {
    const input = { ...settled, cells: [views({ nyc: 1, london: 1, tokyo: 1 })], acknowledged: [increment] };
    expect(checkConvergence(input)).toEqual({ outcome: "valid" });
  });

  it("compares states, not what sets were built from", () => {
    const states = [
      new Map([
        ["1", 1],
        ["2", 2],
      ]),
      new Map([
        ["2", 2],
        ["1", 1],
      ]),
    ];
    const replicas = states.map((state, i) => {
      return [
        regions[i] as string,
        { encoded: setType.encode(state), described: describeState(setType, state) },
      ] as const;
    });
    const cell: ConvergenceCell = { label: "cart", level: "causal", replicas: new Map(replicas) };
    expect(checkConvergence({ ...settled, cells: [cell] })).toEqual({ outcome: "valid" });
  });

  it("is not where values differ, and the regions that agree are named together", () => {
    expect(checkConvergence({ ...settled, cells: [views({ nyc: 2, london: 1, tokyo: 2 })] })).toEqual({
      outcome: "invalid",
      anomalies: [
        {
          name: "divergence",
          message: "page.views stays different after everything has settled: 2 in nyc and tokyo, but 1 in london.",
          events: [],
        },
      ],
    });
  });

  it.each([
    [["london", "tokyo"], "it never reached london and tokyo"],
    [regions, "no replica has it"],
  ])("loses nothing that was acknowledged: %j", (missing, where) => {
    const applied = (region: string, { id }: AcknowledgedOperation): boolean => id !== 7 || !missing.includes(region);
    expect(checkConvergence({ ...settled, acknowledged: [{ ...increment, id: 6 }, increment], applied })).toEqual({
      outcome: "invalid",
      anomalies: [
        {
          name: "lost-write",
          message: `nyc was told at 0.412 s that increment by 1 on page.views had happened, but after everything has settled ${where}.`,
          events: [3],
        },
      ],
    });
  });

  it("is not promised by level none", () => {
    const cells = [views({ nyc: 2, london: 1, tokyo: 2 }, "none")];
    const acknowledged: AcknowledgedOperation[] = [{ ...increment, level: "none" }];
    expect(checkConvergence({ ...settled, cells, acknowledged, applied: () => false })).toEqual({ outcome: "valid" });
  });
});
