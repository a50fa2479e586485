import { describeMethod, describeObstacles } from "../analysis/workloads/describe.js";
import type { Additions, ClassWorkload } from "../analysis/workloads/index.js";
import type { SimulateOptions } from "./simulate.js";
import type { ReplicatedExport, Scenario } from "./targets.js";

export interface GeneratedTargets {
  readonly scenarios: readonly Scenario[];
  /** What the program has to export besides its own. */
  readonly additions: Additions;
}

/** The compiler takes half a second to load: only who generates a workload waits for it. */
export const loadWorkloads = () => import("../analysis/workloads/index.js");

/** A workload for each class, from the signatures of its methods. */
export async function generateTargets(
  classes: readonly ReplicatedExport[],
  { file, name, buffers }: Pick<SimulateOptions, "file" | "name" | "buffers">,
): Promise<GeneratedTargets> {
  if (classes.length === 0) return { scenarios: [], additions: new Map() };
  const { workloadsOf } = await loadWorkloads();
  const { classes: workloads, additions } = workloadsOf({ file, targets: classes.map((each) => each.name), buffers });
  const scenarios = classes.flatMap((each) => {
    const workload = workloads.get(each.name);
    // An abstract class is there for those that extend it.
    return workload?.isAbstract === true && name === undefined ? [] : scenarioOf(each, workload);
  });
  return { scenarios, additions };
}

function scenarioOf({ name, className }: ReplicatedExport, workload: ClassWorkload | undefined): Scenario {
  const title = `${className}, called as its signatures allow`;
  if (workload === undefined)
    return {
      name,
      title,
      obstacle: `What \`${name}\` is cannot be read from the source. Export the class itself from this file, or write a scenario.`,
    };
  const { shape, obstacle } = workload;
  return { name, title, workload: shape, calls: callsOf(workload), ...(obstacle === undefined ? {} : { obstacle }) };
}

/** A method a line: what it is called with, and how often in proportion to others. */
function callsOf({ shape, overrides }: ClassWorkload): readonly string[] {
  return shape.methods.flatMap((method) => {
    const { weight = "1", args } = overrides.get(method.name) ?? {};
    const called = args === undefined ? describeMethod(method) : `${method.name}(…) with ${shortened(args)}`;
    if (weight === "0") return `${called} never`;
    return [
      weight === "1" ? called : `${called}, ${weight} times as often`,
      ...(args === undefined ? describeObstacles(method) : []).map((each) => `✗ ${each}`),
    ];
  });
}

const longest = 80;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
