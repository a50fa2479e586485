import type { Openable } from "../../cells/open.js";
import { metadataOf } from "../../decorators/metadata.js";

/** A class whose objects are opened by identity, or what `replicated(…)` gave. */
export function isReplicated(value: unknown): value is Openable<object> {
  const type = typeof value === "object" && value !== null ? (value as { readonly type?: unknown }).type : value;
  if (typeof type !== "function") return false;
  if (type !== value && typeof (value as { readonly create?: unknown }).create !== "function") return false;
  try {
    return metadataOf(type as abstract new (...args: never) => unknown).replicated;
  } catch {
    return true; // annotated wrongly: whoever opens it is told what is wrong
  }
}

/** Name of the class itself, for people. */
export const classNameOf = (target: Openable<object>): string =>
  typeof target === "function" ? target.name : target.type.name;
