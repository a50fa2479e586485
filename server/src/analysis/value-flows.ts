import type { FunctionId } from "./extract/values.js";
import type { Site } from "./model.js";
import type { StateEffect } from "./states.js";

/**
 * One way in which what is read decides what is written: for every pair of a read and a write (or a `throw`) that meet in a
 * function of the file, whatever their levels are. Pairs that meet inside a helper are told where the helper is, and not
 * again by its callers; pairs that only a caller brings together are told at the call.
 */
export interface ValueFlow {
  /**
   * `value`: the value is written, or chosen by `?:`, `??`, `&&`, `||` and then written. `guard`: a statement's condition
   * decides whether the target happens, or which of several values it is given.
   */
  readonly kind: "value" | "guard";
  readonly from: FlowOrigin;
  readonly to: FlowTarget;
  /** Where they meet: the write, the `throw`, or the call that leads to it. Lies in this file. */
  readonly site: Site;
  /** What `site` calls, when that is not the target itself: `credit`. */
  readonly call: string | undefined;
  /** The function whose body they meet in; undefined in code that runs at load. */
  readonly within: FlowFunction | undefined;
  /** From the read to the target, in the order in which the value passes. */
  readonly path: readonly FlowStep[];
  /** Another function has read it and left it in a field or a variable, where this one finds it at some later time. */
  readonly isKept: boolean;
  /** The same field of a class, or the same store. Says nothing of which object; see `sameObject`. */
  readonly sameCell: boolean;
  /** The same cell of the same object, by the names that the code uses; false means only that this is not known. */
  readonly sameObject: boolean;
  /**
   * Read and write have the same first argument, by the names that the code uses: the key of a map or a set. Or a loop over
   * all entries writes under the key of each.
   */
  readonly sameKey: boolean;
  /** The target is an `update` or a compare-and-set. */
  readonly insideUpdate: boolean;
  /** It puts a value in place of whatever is there by then: a write, or an `update` whose function looks at nothing. */
  readonly overwrites: boolean;
  /** Concurrent values of what it writes go through a merge function of the application's own, so that none is dropped. */
  readonly isMerged: boolean;
  /** Invariants that are about what is read and what is written, where these are different cells or objects. */
  readonly invariants: readonly FlowInvariant[];
  /** A compare-and-set fails unless the cell still holds what was read: the value is checked before it counts. */
  readonly isValidated: boolean;
  /** For a guard: what holds of what was read where the target happens. */
  readonly condition: FlowCondition | undefined;
  /** What became of the value on its way. */
  readonly shape: ValueShape;
}

export type FlowOrigin =
  | {
      readonly kind: "read";
      /** The read, or the update whose result is used; `operation` is what was asked: `get`, `has`, `size` and so on. */
      readonly effect: StateEffect;
      /** Equal for flows from the same read by the same calls. */
      readonly id: string;
    }
  /** A value that is different each time. */
  | { readonly kind: "ambient"; readonly what: "time" | "randomness"; readonly site: Site; readonly id: string };

export type FlowTarget =
  | { readonly kind: "write"; readonly effect: StateEffect; readonly id: string }
  /** A `throw`, or a call that throws, in a method that is a transaction; `writes` is all that it takes back. */
  | { readonly kind: "throw"; readonly writes: readonly StateEffect[]; readonly id: string };

export interface FlowFunction {
  readonly id: FunctionId;
  /** Undefined for a callback. */
  readonly name: string | undefined;
  /** The class of a method. */
  readonly owner: string | undefined;
  /** It is a transaction, or all, some or none of the calls of it that are known stand in one. */
  readonly transaction: "always" | "sometimes" | "never";
}

/** A method with `@Invariant`. */
export interface FlowInvariant {
  readonly name: string;
  readonly site: Site;
}

export interface FlowStep {
  readonly kind: "read" | "returned" | "passed" | "kept" | "condition" | "call" | "write" | "throw";
  readonly site: Site;
}

export interface FlowCondition {
  readonly site: Site;
  /** Something was there, nothing was there, or a comparison or something else held. */
  readonly test: "present" | "absent" | "compared";
  /** It decides about this one statement and nothing else. */
  readonly isAlone: boolean;
}

export interface ValueShape {
  /** How many there are: `size()`, `.length`, a counter's value. */
  readonly isCount: boolean;
  /** The largest or the last of several. */
  readonly isExtreme: boolean;
  readonly isArithmetic: boolean;
  /** Part of a text. */
  readonly isText: boolean;
}
