import { methodAnnotation } from "./method.js";
import { checkOptions, optionTable } from "./options.js";
import type { MethodAnnotation } from "./target.js";

const noOptions = optionTable({});

/** Demands that the method answers under any partition. It changes nothing at run time; analysis and runs judge it. */
export const Available = (options: Readonly<Record<string, never>> = {}): MethodAnnotation =>
  methodAnnotation("Available", ["method"], options, () => ({
    problem: checkOptions(noOptions, options),
    metadata: { available: true },
  }));
