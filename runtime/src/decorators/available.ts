import { methodAnnotation } from "./method.js";
import type { MethodAnnotation } from "./target.js";

/** Demands that the method answers under any partition. It changes nothing at run time; analysis and runs judge it. */
export const Available = (options: Readonly<Record<string, never>> = {}): MethodAnnotation =>
  methodAnnotation({ decorator: "Available", given: options, metadata: { available: true } });
