import { milliseconds, required } from "../validation/options.js";
import { methodAnnotation } from "./method.js";
import type { MethodAnnotation } from "./target.js";

const deadlineOptions = { ms: required(milliseconds()) };

/** A latency budget in milliseconds. It changes nothing at run time; analysis and runs judge it. */
export const Deadline = (ms: number): MethodAnnotation =>
  methodAnnotation({
    decorator: "Deadline",
    given: ms,
    table: deadlineOptions,
    options: { ms },
    metadata: { deadlineMs: ms },
  });
