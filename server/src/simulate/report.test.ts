import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { Violation } from "../../../runtime/src/explore/report.js";
import { renderRun, renderRuns } from "./report.js";
import type { FinishedRun } from "./run-scenario.js";
import type { SimulateViolation } from "./simulate.js";
import { Style } from "./style.js";

const violation = (kind: Violation["kind"], name: string, rest: Partial<Violation> = {}): Violation => ({
  ...{ kind, name, anomaly: null, seed: 4, count: 2, message: `${name} broke.`, expected: null, observed: null },
  ...{ reads: [], cells: [], site: null, related: [], why: null, remedies: [], domain: null, racing: [], ...rest },
});

function finished(violations: readonly Violation[], rest: Partial<FinishedRun["run"]> = {}): FinishedRun {
  const shown: SimulateViolation[] = violations.map(({ kind, name, seed, count, message, remedies }) => ({
    ...{ kind, name, anomaly: null, seed, count, message, expected: null, observed: null },
    ...{ location: null, related: [], shrunk: null, remedies: remedies.map((text) => ({ text, tried: null })) },
  }));
  const traced = violations.map(({ seed }) => ({
    ...{ seed, digest: "", vacuous: false, violations, decisions: undefined, sourceOf: () => null },
    trace: { version: 1, seed, regions: [], sessions: [], events: [] } as const,
  }));
  return {
    run: {
      ...{ target: "bank.ts#Account", seed: 1, schedules: 20, vacuous: 0, reason: null, violations: shown },
      outcome: violations.length === 0 ? "holds" : "violated",
      ...{ operations: [], faultsFired: {}, simulatedMs: 0, wallMs: 0, ...rest },
    },
    traced,
    asked: 20,
  };
}

const text = (run: FinishedRun, width = 100): string => renderRun(run, new Style(false), width);

describe("a run with several violations", () => {
  const because = "`reads` asks nobody.";
  const remedies = ["make it ask"];
  const report = text(
    finished([
      violation("invariant", "no bid after the stop", { why: `sydney read true. ${because}`, remedies }),
      violation("guarantee", "linearizable", { why: because, remedies }),
      violation("invariant", "another", { why: `paris read false. ${because}`, remedies, seed: 7 }),
      violation("error", "RangeError", { why: `It threw. sydney read true. ${because}` }),
    ]),
  );

  it("says once why, what to do and how to see it again", () => {
    expect(report).toBe(`\
✗ no bid after the stop                    bank.ts#Account
  violated in 2 of 20 schedules · seed 4

  no bid after the stop broke.

  Why   sydney read true. \`reads\` asks nobody.
  Do    make it ask
  Replay  npx faultline replay bank.ts#Account --seed 4

✗ not linearizable                         bank.ts#Account
  violated in 2 of 20 schedules · seed 4

  linearizable broke.

✗ another                                  bank.ts#Account
  violated in 2 of 20 schedules · seed 7

  another broke.

  Why   paris read false.
  Replay  npx faultline replay bank.ts#Account --seed 7

✗ RangeError                               bank.ts#Account
  violated in 2 of 20 schedules · seed 4

  RangeError broke.

  Why   It threw.
`);
  });
});

describe("a run that holds", () => {
  it("names the faults in words, in no more columns than there are", () => {
    const faultsFired = { partition: 335, clockSkew: 178, slowRegion: 0, isolateLeader: 12, reordering: 30 };
    const report = text(finished([], { faultsFired }), 60);
    expect(report).toContain(`\
  holds in 20 schedules, with 335 × partition, 178 × clock
  skew, slow region, which never took effect, 12 × isolate
  leader, 30 × reordering
`);
    for (const line of report.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(60);
  });
});

it("tells runs whose turn never came as one", () => {
  const stopped = { outcome: "unknown", schedules: 0, reason: "Stopped by Ctrl-C after 0 schedules." } as const;
  const notBegun = ["a", "b"].map((name) => ({
    ...finished([], { ...stopped, target: `bank.ts#${name}` }),
    isNotBegun: true as const,
  }));
  expect(renderRuns([finished([]), ...notBegun], new Style(false), 100)).toMatch(
    /holds in 20 schedules[\s\S]*\n\n\? 2 targets were not run\n {2}bank\.ts#a, bank\.ts#b\n {2}unknown: Stopped by Ctrl-C after 0 schedules\.\n$/,
  );
});
