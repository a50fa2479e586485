import { clone } from "../cells/clone.js";
import { AnnotationError } from "../errors.js";

/** Copies of a state are what `evolve` and `decide` are given: of an instance of a class they would have no methods. */
export function refuseInstance(initialState: unknown): void {
  const copy: unknown = clone(initialState, "initialState");
  // By name, as test runners have an `Object` of their own.
  const [given, copied] = [className(initialState), className(copy)];
  if (given === undefined || given === copied) return;
  throw new AnnotationError(`\`initialState\` is an instance of ${given}, whose copies have no methods.`, {
    help: "Make the state plain data, and its methods functions of it.",
  });
}

const className = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null ? Object.getPrototypeOf(value)?.constructor?.name : undefined;

/** Types are checked where the code was written; what `decide` forgot to return they are not. */
export function refuseNoEvents(events: unknown, stream: string): void {
  if (Array.isArray(events) && events.every((event) => typeof event?.type === "string")) return;
  throw new AnnotationError(`What is to be appended to \`${stream}\` is no array of events, each with a \`type\`.`, {
    help: "Give append() an array, and have `decide` return one: an empty one where nothing happens.",
  });
}

/** As of a time that is none, nothing would be earlier or later. */
export function refuseNoTime(timeMs: number, stream: string): void {
  if (Number.isFinite(timeMs)) return;
  throw new AnnotationError(`\`now\` of \`${stream}\` says ${String(timeMs)}, which is no time.`, {
    help: "Give milliseconds, such as Date.now().",
  });
}
