import { describeValue } from "../data/values.js";
import type { OperationEnd, OperationStart } from "../deployment/deployment.js";

/** Any value at all: what cannot be looked at must not make the traced schedule another one. */
export function describeArgument(value: unknown): string {
  try {
    return describeValue(value);
  } catch {
    return "…";
  }
}

/** `100 → 70`, `+1`, `= 100`: what an operation that succeeded did, or read. */
export function detailOf(start: OperationStart, end: OperationEnd): string {
  // What a stream appends depends on what it finds, so it is known only at the end.
  const { args } = start.name === "append" ? end.operation : start;
  const described = describeArguments(args);
  if (end.before !== undefined || end.after !== undefined) {
    const change = `${describeValue(end.before)} → ${describeValue(end.after)}`;
    return described === "" ? change : `${described}: ${change}`;
  }
  switch (start.name) {
    case "increment":
      return `+${described || "1"}`;
    case "decrement":
      return `−${described || "1"}`;
    case "write":
      return `→ ${described}`;
    case "compareAndSet":
      return `${described.replace(", ", " → ")}${end.result === true ? "" : " (refused)"}`;
    case "add":
    case "append":
      return `+ ${described}`;
    case "delete":
      return `− ${described}`;
    case "put":
      return described.replace(", ", " → ");
    default:
      return `${described === "" ? "" : `${described} `}= ${describeValue(end.result)}`;
  }
}

/** Of an operation that has not ended, or has not succeeded: what it was asked. */
export function describeArguments(args: readonly unknown[]): string {
  return args.map((arg) => describeValue(arg)).join(", ");
}
