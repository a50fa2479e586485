import type { MethodAnnotation } from "../decorators/target.js";
import { responsibilityAnnotation } from "./responsibility.js";

/**
 * The method changes state: it decides on the write model, and answers no more than whether it did. (Young, "CQRS
 * Documents", 2010.)
 */
export const Command = (options: Readonly<Record<string, never>> = {}): MethodAnnotation =>
  responsibilityAnnotation("Command", "command", options);
