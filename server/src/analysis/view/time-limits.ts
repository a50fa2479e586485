import { ts } from "ts-morph";
import type { DecoratorFacts } from "../extract/annotations.js";
import type { Extraction } from "../extract/extraction.js";
import type { TimeLimit } from "../model.js";
import { siteOf } from "../sites.js";

/** `@Deadline(50)`, where the time is a literal or a constant that is one. */
export function deadlineOf(x: Extraction, { node, call }: DecoratorFacts): TimeLimit | undefined {
  const argument = call?.arguments[0];
  const value = argument && x.evaluate(argument);
  if (argument === undefined || value?.kind !== "literal" || typeof value.value !== "number") return undefined;
  return { ms: value.value, site: siteOf(node), value: siteOf(argument) };
}

/** `timeoutMs` of a level; reported at the level where the options are a constant of another file. */
export function timeoutOf(x: Extraction, { node, call }: DecoratorFacts): TimeLimit | undefined {
  const options = call?.arguments[0];
  const value = options && x.evaluate(options);
  const timeout = value?.kind === "object" ? value.members.get("timeoutMs") : undefined;
  if (options === undefined || timeout?.kind !== "literal" || typeof timeout.value !== "number") return undefined;
  const property = ts.isObjectLiteralExpression(options)
    ? options.properties.find((each) => each.name?.getText() === "timeoutMs")
    : undefined;
  const isHere = property !== undefined && property.getSourceFile() === node.getSourceFile();
  return {
    ms: timeout.value,
    site: siteOf(isHere ? property : node),
    value: property !== undefined && ts.isPropertyAssignment(property) ? siteOf(property.initializer) : undefined,
  };
}

/** Nothing chooses a mechanism, so the level has its default one. */
export function hasDefaultMechanism(x: Extraction, { call }: DecoratorFacts): boolean {
  const options = call?.arguments[0];
  if (options === undefined) return true;
  const value = x.evaluate(options);
  const hasSpread = ts.isObjectLiteralExpression(options) && options.properties.some(ts.isSpreadAssignment);
  return value.kind === "object" && !hasSpread && !value.members.has("mechanism");
}
