import { AnnotationError } from "../errors.js";
import type { FindsOrigin, MechanismOptions } from "./options.js";

/**
 * Finds the cell that a cache shows copies of. A copy of a copy is one too, as with DNS resolvers that forward to
 * others; in a circle there is no origin, and a cell of another type cannot show what the origin holds.
 */
export const findOrigin: FindsOrigin = ({ field, name, mechanism, names, cellAt }) => {
  const { type } = cellAt(name) as { type: string };
  const copied = originNameOf(mechanism) as string;
  if (cellAt(copied)?.type === type && !comesBack(name, copied, cellAt)) return copied;
  const choices = names.filter((other) => cellAt(other)?.type === type && !comesBack(name, other, cellAt));
  const accepted = choices.length === 0 ? `the class has no other ${type}` : choices.map((c) => `"${c}"`).join(", ");
  throw new AnnotationError(
    `\`${field}\`: option \`mechanism.origin\` is ${JSON.stringify(copied)}. ` +
      `Accepted: the name of a ${type} of the class that is no copy of \`${name}\`: ${accepted}.`,
  );
};

const originNameOf = ({ mechanism, options }: MechanismOptions): string | undefined =>
  mechanism === "cache" ? (options["origin"] as string) : undefined;

/** Whether following the origins from `start` leads to `name`, or round and round. */
function comesBack(name: string, start: string, cellAt: Parameters<FindsOrigin>[0]["cellAt"]): boolean {
  const passed = new Set([name]);
  for (let at: string | undefined = start; at !== undefined; ) {
    if (passed.has(at)) return true;
    passed.add(at);
    const mechanism: MechanismOptions | undefined = cellAt(at)?.mechanism;
    at = mechanism && originNameOf(mechanism);
  }
  return false;
}
