import { describeValue, encodeValue } from "../../data/values.js";

export type MergeFunction = (a: unknown, b: unknown) => unknown;

/** A value with its canonical text, by which replicas compare. */
export interface Encoded {
  readonly value: unknown;
  readonly text: string;
}

export const encoded = (value: unknown): Encoded => ({ value, text: encodeValue(value) });

/** What a merge did that no function of two values may do, as a clause that follows the merge's name. */
export class Misbehaviour extends Error {
  constructor(
    readonly clause: string,
    options?: ErrorOptions,
  ) {
    super(clause, options);
  }
}

/**
 * Calls a merge as replicas do: with copies, so that it cannot change what is kept. A replica would not notice what it
 * does to the copies, nor does it know that it fails or what it returns before it is too late: here it is said, by
 * throwing `Misbehaviour`. What has been merged is remembered: laws ask for the same again and again.
 */
export class TriedMerge {
  private readonly results = new Map<string, Encoded>();

  constructor(private readonly merge: MergeFunction) {}

  apply(a: Encoded, b: Encoded): Encoded {
    const key = `${a.text}\n${b.text}`;
    const known = this.results.get(key);
    if (known !== undefined) return known;
    const result = this.call(a, b);
    this.results.set(key, result);
    return result;
  }

  /** Time and randomness make replicas differ that merge the same values. */
  applyTwice(a: Encoded, b: Encoded): void {
    if (this.apply(a, b).text === this.call(a, b).text) return;
    throw new Misbehaviour(`does not depend on its arguments alone: ${called(a, b)} was different the second time`);
  }

  private call(a: Encoded, b: Encoded): Encoded {
    const given: readonly [unknown, unknown] = [structuredClone(a.value), structuredClone(b.value)];
    const result = this.resultOf(given, a, b);
    for (const [i, before] of [a, b].entries()) {
      if (encodeValue(given[i]) === before.text) continue;
      const change = `makes ${shown({ value: given[i] })} of ${shown(before)}`;
      throw new Misbehaviour(`changes its ${i === 0 ? "first" : "second"} argument: ${called(a, b)} ${change}`);
    }
    return result;
  }

  private resultOf(given: readonly [unknown, unknown], a: Encoded, b: Encoded): Encoded {
    let result: unknown;
    try {
      result = this.merge(...given);
    } catch (cause) {
      throw new Misbehaviour(`throws: ${called(a, b)} fails with ${errorText(cause)}`, { cause });
    }
    try {
      return encoded(structuredClone(result));
    } catch (cause) {
      throw new Misbehaviour(`returns what replicas cannot hold: ${called(a, b)} is ${kindOf(result)}`, { cause });
    }
  }
}

/** Longer than elsewhere: two values that differ have to look different. */
export const shown = ({ value }: { readonly value: unknown }): string => describeValue(value, 120);

/** `merge([1], [2])` */
export const called = (a: Encoded, b: Encoded): string => `merge(${shown(a)}, ${shown(b)})`;

function errorText(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return typeof error === "string" ? error : `a ${typeof error}`;
}

function kindOf(value: unknown): string {
  if (value instanceof Promise) return "a promise";
  return typeof value === "object" ? "an object that cannot be copied" : `a ${typeof value}`;
}
