import { join } from "node:path";
import { exploreScenario, type TraceOptions } from "../../runtime/src/explore/explore.js";
import type { ViolationKind } from "../../runtime/src/explore/report.js";
import type { PlanSize } from "../../runtime/src/explore/workload/draw-plan.js";
import type { WorkloadShape } from "../../runtime/src/explore/workload/shape.js";
import { compileProgram } from "../../runtime/src/host/program.js";
import { evaluation, targetsOf } from "../../runtime/src/host/targets.js";
import * as runtime from "../../runtime/src/index.js";
import { workloadsOf } from "../../server/src/analysis/workloads/index.js";
import { bundleProgram } from "../../server/src/simulate/bundle.js";
import type { About } from "./about.js";
import { folder, type Planted } from "./planted.js";

export type Part = "broken" | "correct";

/** What a run of one program came to. */
export interface Explored {
  /** How many were run. */
  readonly schedules: number;
  readonly outcome: "violated" | "holds" | "unknown";
  readonly reason: string | null;
  /** Those that judged nothing. */
  readonly vacuous: number;
  /** The first schedule in which something is violated. */
  readonly seed?: number;
  /** All that is violated in it. */
  readonly violations: readonly Violation[];
}

export interface Violation {
  readonly kind: ViolationKind;
  readonly name: string;
  readonly anomaly: string | null;
  readonly message: string;
}

/** Calls the methods of the program's class as their signatures allow, as `faultline simulate` does, until something is violated. */
export async function exploreProgram(
  planted: Planted,
  part: Part,
  { seed, schedules }: { readonly seed: number; readonly schedules: number },
): Promise<Explored> {
  const program = await loadProgram(planted, part);
  const { report } = await exploreScenario({ ...program, seed, schedules, untilViolated: true });
  const { outcome, reason, vacuous, violations } = report;
  const shown = violations.map(({ kind, name, anomaly, message }) => ({ kind, name, anomaly, message }));
  const first = violations[0]?.seed;
  return {
    schedules: report.schedules,
    outcome,
    reason,
    vacuous,
    ...(first === undefined ? {} : { seed: first }),
    violations: shown,
  };
}

/** What there is to run of a program. */
export interface Loaded extends Pick<TraceOptions, "target" | "evaluate" | "isUserFile"> {
  readonly workload: WorkloadShape;
}

/** `size`: for a search through every order of so few calls. */
export async function loadProgram({ id, about }: Planted, part: Part, size?: PlanSize): Promise<Loaded> {
  const file = join(folder, id, `${part}.ts`);
  const bundle = await bundleProgram({ file, cwd: folder });
  const program = compileProgram(bundle.code, bundle.fileName, { "@faultline/runtime": runtime });
  const classes = targetsOf(program).classes.map(({ name }) => name);
  const target = about.target ?? classes[0];
  if (target === undefined || (about.target === undefined && classes.length > 1))
    throw new Error(`${file} exports ${classes.length} replicated classes: say in about.ts which one is called.`);
  const workload = workloadsOf({ file, targets: classes }).classes.get(target)?.shape;
  if (workload === undefined) throw new Error(`${file}: no workload can be read from ${target}.`);
  return {
    target,
    workload,
    isUserFile: (path) => path === bundle.fileName,
    evaluate: evaluation(program, { target, seed: 1, workload }, size),
  };
}

/** Something is violated in the broken program, and nothing but what was planted. */
export function isAsPlanted({ violations }: Pick<Explored, "violations">, { shows }: About): boolean {
  const isPlanted = ({ kind, name }: Violation) => shows.some((shown) => shown.kind === kind && shown.name === name);
  return violations.length > 0 && violations.every(isPlanted);
}
