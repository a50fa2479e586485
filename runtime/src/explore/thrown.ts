import { describeValue } from "../data/values.js";

/**
 * What user code threw, such that looking at it runs none of its code again: properties that throw when they are read,
 * proxies, and errors without a text become an error that says so.
 */
export function readable(thrown: unknown): unknown {
  try {
    if (!(thrown instanceof Error)) {
      describeValue(thrown);
      return thrown;
    }
    const { name, message } = thrown;
    void thrown.stack; // which may be of any kind, as a program may have its own idea of stacks, but not throw
    if (typeof name === "string" && typeof message === "string") return thrown;
    return new UnreadableError("an error was thrown whose name or message is not a text, so that it cannot be shown");
  } catch {
    return new UnreadableError("what was thrown cannot be shown: looking at it throws once more");
  }
}

/** What was thrown, whatever it is, as a text. */
export function messageOf(thrown: unknown): string {
  const error = readable(thrown);
  return error instanceof Error ? error.message : describeValue(error);
}

class UnreadableError extends Error {
  override readonly name = "UnreadableError";
}
