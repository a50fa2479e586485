import { choice, required, text } from "../validation/options.js";
import { methodAnnotation } from "./method.js";
import type { MethodAnnotation } from "./target.js";

export interface InvariantOptions {
  /** `always`: after each operation, on every replica. `converged`: once all replicas are equal. */
  readonly when?: "always" | "converged";
}

const invariantOptions = {
  name: required(text("a sentence that says what holds")),
  when: choice("always", "converged"),
};

/**
 * What has to hold of an object (on an instance method) or of all of them together (on a static method, which takes
 * them). The method returns false or throws when it does not. Simulated runs judge it; nothing calls it otherwise.
 */
export const Invariant = (name: string, options: InvariantOptions = {}): MethodAnnotation =>
  methodAnnotation({
    decorator: "Invariant",
    places: ["method", "static method"],
    given: name,
    table: invariantOptions,
    options: typeof options === "object" ? { ...options, name } : options,
    metadata: { invariants: [{ name, when: options?.when ?? "always" }] },
  });
