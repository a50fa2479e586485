import type { Load } from "../explore/decisions.js";
import type { Scenario } from "../explore/scenario.js";
import { isScenario } from "../explore/scenario.js";
import type { PlanSize } from "../explore/workload/draw-plan.js";
import { GeneratedWorkload } from "../explore/workload/generated.js";
import { classNameOf, isReplicated } from "../explore/workload/targets.js";
import { WorkloadError } from "../explore/workload/workload-error.js";
import { installVirtualGlobals } from "../simulation/virtual-globals/index.js";
import type { Exports, Program } from "./program.js";
import type { HostMessage, ScheduleChoice } from "./protocol.js";

/** What can be run of what the program exports, when it is evaluated in a world where time stands still. */
export function targetsOf(program: Program): Extract<HostMessage, { readonly kind: "targets" }> {
  const restore = installVirtualGlobals({
    nowUs: () => 0,
    setTimer: () => 0,
    clearTimer: () => {},
    random: () => 0,
    forbidden: () => {},
  });
  try {
    const exported = Object.entries(program.evaluate());
    return {
      kind: "targets",
      scenarios: exported.flatMap(([name, value]) => (isScenario(value) ? [{ name, title: value.name }] : [])),
      classes: exported.flatMap(([name, value]) =>
        isReplicated(value) ? [{ name, className: classNameOf(value) }] : [],
      ),
    };
  } finally {
    restore();
  }
}

/** Makes the scenario of each schedule from a program that is evaluated afresh for it. */
export function evaluation(
  program: Program,
  { target, workload: shape, regions, strategy }: ScheduleChoice,
  size?: PlanSize,
): Load {
  if (shape === undefined) return () => scenarioNamed(program.evaluate(), target);
  const workload = new GeneratedWorkload(shape, { regions, strategy, size });
  const load: Load = (seed, decisions) => {
    const exports = program.evaluate();
    return workload.scenario(seed, (name) => classNamed(exports, name), decisions);
  };
  return Object.assign(load, { guide: workload.guide });
}

function scenarioNamed(exports: Exports, name: string): Scenario {
  const value = exports[name];
  if (!isScenario(value)) throw new WorkloadError(`The program exports no scenario named ${name}.`);
  return value;
}

function classNamed(exports: Exports, name: string) {
  const value = exports[name];
  if (isReplicated(value)) return value;
  throw new WorkloadError(
    `The program exports no replicated class named ${name}. Put @Replicated() on the class and export it, or what replicated(…) gives for it.`,
  );
}
