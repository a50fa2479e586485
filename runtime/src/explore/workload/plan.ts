/**
 * What a generated workload calls, decided before anything runs: plain data that can be shown, made smaller and run
 * again.
 */
export interface Plan {
  /** Objects that exist from the beginning. */
  readonly identities: readonly Identity[];
  /** They run concurrently. */
  readonly sessions: readonly PlannedSession[];
}

/** An object: the export of the program that it is opened by, and the identity. */
export interface Identity {
  readonly target: string;
  readonly id: string;
}

/** A sequential client. */
export interface PlannedSession {
  readonly region: string;
  readonly calls: readonly PlannedCall[];
}

export interface PlannedCall {
  /** How long the client waits first. */
  readonly thinkMs: number;
  readonly on: Identity;
  readonly method: string;
  readonly args: PlannedArguments;
}

export type PlannedArguments =
  /** Values, with an `IdentityReference` for each object. */
  | { readonly kind: "drawn"; readonly values: readonly unknown[] }
  /** One of those that `@Workload({ args: [ … ] })` lists. */
  | { readonly kind: "listed"; readonly index: number }
  /** What the function of `@Workload({ args })` makes of random numbers with this seed. */
  | { readonly kind: "made"; readonly seed: number };

/** Stands in arguments for the opened object, which belongs to a session of the run. */
export class IdentityReference implements Identity {
  constructor(
    readonly target: string,
    readonly id: string,
  ) {}
}

/** The values with what stands for something replaced by it; everything else is copied, as calls may change it. */
export function replaced(value: unknown, replace: (value: object) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const found = replace(value);
  if (found !== undefined) return found;
  const inner = (part: unknown): unknown => replaced(part, replace);
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Set) return new Set([...value].map(inner));
  if (value instanceof Map) return new Map([...value].map(([key, part]) => [inner(key), inner(part)]));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inner(part)]));
}
