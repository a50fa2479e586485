import { compareText, compareValues, encodeValue, equalValues } from "../../data/values.js";
import type { HistoryCell, HistoryOperation } from "../../history/history.js";
import type { Node } from "../embedded-node.js";

type Type = HistoryCell["type"];

/**
 * Replaces values of the application before they are written. What `redact` leaves as it is stays; anything else becomes
 * what it returned, followed by a fingerprint of the value: equal values stay equal and different ones different, also
 * where `redact` returns the same for all, or a set would seem to have fewer elements than it counted. The fingerprint
 * is keyed by random bytes that are nowhere written, so that values cannot be found by trying them.
 *
 * Numbers of elements and answers of yes or no are no values of the application and stay. So is `undefined`, which is
 * the absence of one.
 */
export class Redaction {
  private readonly key: Uint8Array;

  constructor(
    private readonly redact: (value: unknown) => unknown,
    private readonly node: Pick<Node, "newKey" | "fingerprint">,
  ) {
    this.key = node.newKey();
  }

  /** As text: identities and keys of maps are. */
  readonly text = (value: string): string => {
    const shown = this.value(value);
    return typeof shown === "string" ? shown : encodeValue(shown);
  };

  readonly value = (value: unknown): unknown => {
    if (value === undefined) return value;
    let shown: unknown = "redact() threw";
    try {
      shown = this.redact(value);
      if (equalValues(shown, value)) return value;
      if (typeof shown !== "string") shown = encodeValue(shown);
    } catch {
      // What it threw may tell of the value.
    }
    return `${shown}#${this.node.fingerprint(encodeValue(value), this.key)}`;
  };

  operation(type: Type, { operation: { name, args }, ...rest }: HistoryOperation): HistoryOperation {
    const redacted = type === "map" ? this.withKey(args) : args.map(this.value);
    return { ...rest, operation: { name, args: redacted }, result: this.result(type, name, rest.result) };
  }

  /** A state in the form that `DataType.initial` has it. */
  state(type: Type, state: unknown): unknown {
    switch (type) {
      case "set": {
        const values = [...(state as ReadonlyMap<string, unknown>).values()].map(this.value);
        return new Map(values.map((value) => [encodeValue(value), value]));
      }
      case "map":
        return new Map(this.entries(state as Iterable<readonly [string, unknown]>));
      case "log":
        return (state as readonly unknown[]).map(this.value);
      default:
        return this.value(state);
    }
  }

  private withKey([key, ...values]: readonly unknown[]): unknown[] {
    return key === undefined ? [] : [this.text(key as string), ...values.map(this.value)];
  }

  /** Elements and keys are listed in their own order, which redaction changes. */
  private result(type: Type, name: string, result: unknown): unknown {
    if (typeof result === "boolean" && name !== "read" && name !== "get") return result;
    if (name === "size" || result === undefined) return result;
    if (name === "siblings" || (type === "log" && Array.isArray(result)))
      return (result as readonly unknown[]).map(this.value);
    if (name === "values") return (result as readonly unknown[]).map(this.value).sort(compareValues);
    if (name === "entries") return this.entries(result as readonly (readonly [string, unknown])[]);
    return this.value(result);
  }

  private entries(entries: Iterable<readonly [string, unknown]>): [string, unknown][] {
    const redacted = Array.from(entries, ([key, value]): [string, unknown] => [this.text(key), this.value(value)]);
    return redacted.sort(([a], [b]) => compareText(a, b));
  }
}
