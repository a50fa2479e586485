import { AnnotationError } from "../errors.js";

/**
 * A copy of a replicated value, so that nobody can change a replica by changing what was handed in or out. Primitives,
 * which most values are, are their own copies.
 */
export function clone<T>(value: T, name: string): T {
  switch (typeof value) {
    case "number":
    case "string":
    case "boolean":
    case "undefined":
    case "bigint":
      return value;
    default:
  }
  if (value === null) return value;
  try {
    return structuredClone(value);
  } catch (cause) {
    throw new AnnotationError(`\`${name}\` cannot hold ${describe(value)}: it is not structured-clonable.`, {
      cell: name,
      help: "Replicated values are plain data: no functions, symbols, promises or objects that hold them.",
      cause,
    });
  }
}

/** Names the part that cannot be copied by its path, as far as plain objects and arrays lead to it. */
function describe(value: unknown): string {
  const path: string[] = [];
  let part = value;
  for (let depth = 0; depth < 8 && typeof part === "object" && part !== null; depth++) {
    const culprit = Object.entries(part).find(([, child]) => !isClonable(child));
    if (culprit === undefined) break;
    path.push(culprit[0]);
    part = culprit[1];
  }
  const kind =
    typeof part === "object" ? `an object of class ${part?.constructor?.name ?? "null"}` : `a ${typeof part}`;
  return path.length === 0 ? kind : `${kind} at \`${path.join(".")}\``;
}

function isClonable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
