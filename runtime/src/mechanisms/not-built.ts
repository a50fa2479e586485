import type { MechanismOptions } from "./options.js";

/**
 * What of a mechanism does not exist yet, in words for an error message; undefined when all of it does. It stands here
 * and not with the mechanisms because applications ask it too, and they must not carry the mechanisms.
 */
export function notBuilt({ mechanism }: MechanismOptions): string | undefined {
  return mechanism === "trueTime" ? `${mechanism}()` : undefined;
}
