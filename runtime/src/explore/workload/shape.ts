/**
 * What the public methods of a replicated class take, read from their signatures by whoever has the types: plain data that
 * crosses from the type checker to the process in which the class runs.
 */
export interface WorkloadShape {
  /** The export of the program: a class with `@Replicated()`, or what `replicated(Class, { create })` gave. */
  readonly target: string;
  /** Public instance methods in the order of declaration, inherited ones first; `@Invariant` methods are left out. */
  readonly methods: readonly MethodShape[];
}

export interface MethodShape {
  readonly name: string;
  readonly parameters: readonly ParameterShape[];
}

export interface ParameterShape {
  readonly name: string;
  readonly values: ValueShape;
  /** May be left out: `note?: string`, or one with a default. */
  readonly isOptional: boolean;
  /** `...tags: string[]`; `values` describes one of them. */
  readonly isRest: boolean;
}

/** The values of a type, as far as they can be made. */
export type ValueShape =
  /** `near`: literals that the class's code compares or computes with; numbers near them are worth trying. */
  | { readonly kind: "number"; readonly near: readonly number[] }
  | { readonly kind: "string"; readonly near: readonly string[] }
  | { readonly kind: "boolean" }
  | { readonly kind: "bigint"; readonly near: readonly number[] }
  | { readonly kind: "date" }
  /** A literal type, an enum member, null. */
  | { readonly kind: "constant"; readonly value: string | number | boolean | null }
  | { readonly kind: "undefined" }
  | { readonly kind: "union"; readonly members: readonly ValueShape[] }
  | { readonly kind: "array"; readonly element: ValueShape }
  | { readonly kind: "tuple"; readonly elements: readonly ValueShape[] }
  | { readonly kind: "object"; readonly properties: readonly PropertyShape[] }
  /** `Record<string, T>` and index signatures. */
  | { readonly kind: "record"; readonly value: ValueShape }
  | { readonly kind: "set"; readonly element: ValueShape }
  | { readonly kind: "map"; readonly key: ValueShape; readonly value: ValueShape }
  /** Another replicated class: one of its few identities, opened in the session that calls. An export of the program. */
  | { readonly kind: "handle"; readonly target: string }
  /** Nothing can be made: the type as written, where it stands (`transfer(to.onDone)`), and why. */
  | { readonly kind: "impossible"; readonly type: string; readonly path: string; readonly why: string };

export interface PropertyShape {
  readonly name: string;
  readonly values: ValueShape;
  readonly isOptional: boolean;
}
