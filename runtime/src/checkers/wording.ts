import type { Operation } from "../data/data-type.js";
import { describeValue, renderKey, shorten } from "../data/values.js";
import type { HistoryEvent } from "../history/history.js";

/** `0.412 s` */
export function seconds(us: number): string {
  return `${(us / 1_000_000).toFixed(3)} s`;
}

/** `0.400–0.412 s`, `from 0.400 s on` for what never completed. */
export function interval({ invokedUs, completedUs }: HistoryEvent): string {
  if (completedUs === undefined) return `from ${seconds(invokedUs)} on`;
  if (seconds(invokedUs) === seconds(completedUs)) return seconds(invokedUs);
  return `${(invokedUs / 1_000_000).toFixed(3)}–${seconds(completedUs)}`;
}

/** `a`, `a and b`, `a, b and c` */
export function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

type Phrase = (label: string, args: readonly string[], result: unknown) => string;

const phrases: Readonly<Record<string, Phrase>> = {
  read: (label, _, result) => `read ${describeValue(result)} from ${label}`,
  siblings: (label, _, result) => `found the values ${describeValue(result)} in ${label}`,
  write: (label, [value]) => `wrote ${value} to ${label}`,
  compareAndSet: (label, [expected, next], result) =>
    result === false ? `found ${label} not to be ${expected}` : `set ${label} from ${expected} to ${next}`,
  increment: (label, [by = "1"]) => `added ${by} to ${label}`,
  decrement: (label, [by = "1"]) => `took ${by} from ${label}`,
  add: (label, [value]) => `added ${value} to ${label}`,
  has: (label, [value], result) => `found ${result === true ? "" : "no "}${value} in ${label}`,
  values: (label, _, result) => `found ${describeValue(result)} in ${label}`,
  size: (label, _, result) => `counted ${describeValue(result)} in ${label}`,
  get: (label, [key], result) => `read ${describeValue(result)} at ${key} of ${label}`,
  put: (label, [key, value]) => `put ${value} at ${key} of ${label}`,
  delete: (label, [value]) => `deleted ${value} from ${label}`,
  append: (label, [entry]) => `appended ${entry} to ${label}`,
  entries: (label, _, result) => `found ${describeValue(result)} in ${label}`,
};

/** What an operation did, in the past tense: `updated alice.balance from 100 to 70`. */
export function phrase(label: string, { name, args }: Operation, result: unknown): string {
  const rendered = args.map((arg) => describeValue(arg));
  if (name === "update" && args.length === 3) {
    return `updated ${renderKey(String(args[0]))} of ${label} from ${rendered[1]} to ${rendered[2]}`;
  }
  if (name === "update") return `updated ${label} from ${rendered[0]} to ${rendered[1]}`;
  return phrases[name]?.(label, rendered, result) ?? `did ${name}(${shorten(rendered.join(", "), 60)}) on ${label}`;
}
