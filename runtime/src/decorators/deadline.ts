import { methodAnnotation } from "./method.js";
import { checkOptions, milliseconds, optionTable, required } from "./options.js";
import type { MethodAnnotation } from "./target.js";

const deadlineOptions = optionTable({ ms: required(milliseconds) });

/** A latency budget in milliseconds. It changes nothing at run time; analysis and runs judge it. */
export const Deadline = (ms: number): MethodAnnotation =>
  methodAnnotation("Deadline", ["method"], ms, () => ({
    problem: checkOptions(deadlineOptions, { ms }),
    metadata: { deadlineMs: ms },
  }));
