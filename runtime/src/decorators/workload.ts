import { ratio, suchThat } from "../validation/options.js";
import { methodAnnotation } from "./method.js";
import type { WorkloadMetadata } from "./record.js";
import type { MethodAnnotation } from "./target.js";

export type WorkloadOptions = WorkloadMetadata;

const isArguments = (value: unknown): boolean =>
  typeof value === "function" || (Array.isArray(value) && value.length > 0 && value.every(Array.isArray));

const workloadOptions = {
  weight: ratio(),
  args: suchThat("a list of argument lists, a function (random) => argument list", isArguments),
};

/** How a generated workload calls the method: how often in proportion to others, and with what. */
export const Workload = (options: WorkloadOptions): MethodAnnotation =>
  methodAnnotation({ decorator: "Workload", given: options, table: workloadOptions, metadata: { workload: options } });
