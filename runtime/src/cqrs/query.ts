import type { MethodAnnotation } from "../decorators/target.js";
import { responsibilityAnnotation } from "./responsibility.js";

/** The method answers and changes nothing, so it can be asked again, of any copy. (Young, "CQRS Documents", 2010.) */
export const Query = (options: Readonly<Record<string, never>> = {}): MethodAnnotation =>
  responsibilityAnnotation("Query", "query", options);
