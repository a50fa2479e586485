import { methodAnnotation } from "./method.js";
import { checkOptions, listOfLists, optionTable, ratio, suchThat } from "./options.js";
import type { WorkloadMetadata } from "./record.js";
import type { MethodAnnotation } from "./target.js";

export type WorkloadOptions = WorkloadMetadata;

const isArguments = (value: unknown): boolean => typeof value === "function" || listOfLists.safeParse(value).success;

const workloadOptions = optionTable({
  weight: ratio,
  args: suchThat("a list of argument lists, a function (random) => argument list", isArguments),
});

/** How a generated workload calls the method: how often in proportion to others, and with what. */
export const Workload = (options: WorkloadOptions): MethodAnnotation =>
  methodAnnotation("Workload", ["method"], options, () => ({
    problem: checkOptions(workloadOptions, options),
    metadata: { workload: options },
  }));
