import { usdPerMillionOperations } from "../../../runtime/src/advice/cost/index.js";
import { type Measurements, percentileOf } from "../../../runtime/src/explore/measurements.js";
import type { Level } from "../../../runtime/src/levels.js";
import type { SimulateViolation } from "../simulate/simulate.js";
import type { InvariantComparison, LevelComparison, RegionComparison } from "./compare.js";
import type { LevelRun } from "./run-levels.js";

export const convergence = "replicas converge and lose no write";

/** Whether what was judged under this name is what a level promises by itself, and nothing that somebody asked for. */
export function isPromise(name: string): boolean {
  return name === convergence || ["causal", "sequential", "linearizable"].includes(name);
}

/** One column of the comparison. `judged`: what was judged at any of the levels. */
export function comparisonOf(level: Level, run: LevelRun, judged: readonly string[]): LevelComparison {
  const { measurements } = run;
  return {
    level,
    invariants: invariantsOf(level, run, judged),
    regions: measurements.regions.map(regionOf),
    messagesPerOperation: ratio(measurements.messages, measurements.operations, 100),
    usdPerMillionOperations: usdPerMillionOperations(level),
  };
}

function invariantsOf(level: Level, run: LevelRun, judged: readonly string[]): readonly InvariantComparison[] {
  const violations = run.runs.flatMap((each) => each.violations);
  const entry = (name: string, isAbout: (violation: SimulateViolation) => boolean, wasJudged: boolean) => {
    const seeds = violations.filter(isAbout).map(({ seed }) => seed);
    const isDecided = wasJudged && run.runs.every(({ outcome }) => outcome !== "unknown");
    const outcome = seeds.length > 0 ? "violated" : isDecided ? "holds" : "unknown";
    return { name, outcome, seed: seeds.length > 0 ? Math.min(...seeds) : null } as const;
  };
  const ofKind = (kind: SimulateViolation["kind"]) => (violation: SimulateViolation) => violation.kind === kind;
  const others = new Set(violations.filter((each) => each.kind === "error" || each.kind === "liveness").map(nameOf));
  return [
    ...judged.map((name) =>
      entry(name, (each) => each.kind === "invariant" && each.name === name, run.measurements.judged.includes(name)),
    ),
    entry(convergence, ofKind("divergence"), true),
    ...(level === "none" || level === "eventual" ? [] : [entry(level, ofKind("guarantee"), true)]),
    ...[...others].map((name) => entry(name, (each) => nameOf(each) === name, true)),
  ];
}

const nameOf = ({ name }: SimulateViolation): string => name;

function regionOf({ region, cutOff, refused, latencies }: Measurements["regions"][number]): RegionComparison {
  const milliseconds = (percent: number): number | null => {
    const tenths = percentileOf(latencies, percent);
    return tenths === undefined ? null : tenths / 10;
  };
  return {
    region,
    unavailable: ratio(refused, cutOff, 10_000),
    p50Ms: milliseconds(50),
    p99Ms: milliseconds(99),
  };
}

/** Null where there is nothing to divide by; to so many parts of one. */
function ratio(part: number, whole: number, parts: number): number | null {
  return whole === 0 ? null : Math.round((part * parts) / whole) / parts;
}
