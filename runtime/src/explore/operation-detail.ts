import { describeValue, shorten } from "../data/values.js";
import type { OperationEnd, OperationStart } from "../deployment/deployment.js";

/** Any value at all: what cannot be looked at must not make the traced schedule another one. */
export function describeArgument(value: unknown, identityOf: (value: unknown) => string | undefined): string {
  try {
    return identityOf(value) ?? describeList(value, identityOf) ?? describeFound(value);
  } catch {
    return "…";
  }
}

/** Of objects that were opened a list names each. */
function describeList(value: unknown, identityOf: (value: unknown) => string | undefined): string | undefined {
  if (!Array.isArray(value) || !value.some((item) => identityOf(item) !== undefined)) return undefined;
  return shorten(`[${value.map((item) => identityOf(item) ?? describeFound(item)).join(", ")}]`, longest);
}

const longest = 60;

/** As `describeValue` has it. Of a long list its end is told, where the new is, and of a random identifier its beginning. */
export function describeFound(value: unknown): string {
  const text = withShortIdentifiers(describeValue(value, 10 * longest));
  if (!Array.isArray(value) || text.length <= longest) return shorten(text, longest);
  if (value.length === 2) {
    const [first, second] = value.map((item) =>
      shorten(withShortIdentifiers(describeValue(item, longest)), longest / 2 - 3),
    );
    return `[${first}, ${second}]`;
  }
  const last: string[] = [];
  let room = longest - "[…]".length;
  for (let at = value.length - 1; at >= 0; at--) {
    const item = withShortIdentifiers(describeValue(value[at], longest));
    room -= item.length + ", ".length;
    if (room < 0) break;
    last.unshift(item);
  }
  return last.length === 0 ? shorten(text, longest) : `[…, ${last.join(", ")}]`;
}

/** `"38c3ebf2…"`: the 36 signs of a UUID leave no room for what it is about. */
const withShortIdentifiers = (text: string): string =>
  text.replace(/"([\da-f]{8})-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}"/g, '"$1…"');

/** `100 → 70`, `+1`, `= 100`: what an operation that succeeded did, or read. */
export function detailOf(start: OperationStart, end: OperationEnd): string {
  // What a stream appends depends on what it finds, so it is known only at the end.
  const { args } = start.name === "append" ? end.operation : start;
  const described = describeArguments(args);
  if (end.before !== undefined || end.after !== undefined) {
    const change = `${describeFound(end.before)} → ${describeFound(end.after)}`;
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
      return `${described === "" ? "" : `${described} `}= ${describeFound(end.result)}`;
  }
}

/** Of an operation that has not ended, or has not succeeded: what it was asked. */
export function describeArguments(args: readonly unknown[]): string {
  return args.map((arg) => describeFound(arg)).join(", ");
}
