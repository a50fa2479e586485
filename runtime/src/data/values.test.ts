import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeItems, describeValue, encodeValue, equalValues, shorten } from "./values.js";

const distinct: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "",
  "0",
  "1",
  "null",
  0n,
  1n,
  [],
  [undefined],
  [null],
  [1, 2],
  [2, 1],
  new Array(1),
  new Array(2),
  [1, [2]],
  [[1], 2],
  {},
  { a: 1 },
  { a: undefined },
  { a: 1, b: 2 },
  { b: 1, a: 2 },
  new Date(0),
  new Date(1),
  new Date(Number.NaN),
  new Map(),
  new Map([["a", 1]]),
  new Map([[1, "a"]]),
  new Set(),
  new Set(["a"]),
  new Set([1]),
  /a/,
  /a/g,
  new Uint8Array([1, 2]),
  new Int8Array([1, 2]),
  new Uint8Array([1, 2]).buffer,
  new Error("a"),
  new TypeError("a"),
  new Object(1),
  new Object("1"),
];

describe("values", () => {
  it("differ in their text when they differ", () => {
    const texts = distinct.map(encodeValue);
    expect(new Set(texts).size).toBe(distinct.length);
    for (const [i, a] of distinct.entries()) {
      for (const [j, b] of distinct.entries()) expect(equalValues(a, b)).toBe(i === j);
    }
  });

  it("equal their structured clones", () => {
    for (const value of distinct) expect(equalValues(structuredClone(value), value)).toBe(true);
    fc.assert(
      fc.property(fc.anything({ withDate: true, withMap: true, withSet: true, withBigInt: true }), (value) => {
        expect(encodeValue(structuredClone(value))).toBe(encodeValue(value));
      }),
    );
  });

  it("do not depend on the order in which keys, entries or elements were set", () => {
    expect(equalValues({ a: 1, b: 2, 3: 0 }, { 3: 0, b: 2, a: 1 })).toBe(true);
    expect(
      equalValues(
        new Map([
          ["a", 1],
          ["b", 2],
        ]),
        new Map([
          ["b", 2],
          ["a", 1],
        ]),
      ),
    ).toBe(true);
    expect(equalValues(new Set([1, { a: 1 }]), new Set([{ a: 1 }, 1]))).toBe(true);
  });

  it("may contain themselves", () => {
    const cycle = (): unknown => {
      const value: Record<string, unknown> = { name: "loop" };
      value["self"] = [value];
      return value;
    };
    expect(equalValues(cycle(), cycle())).toBe(true);
  });

  it("that replicas cannot hold are refused", () => {
    expect(() => encodeValue(() => 1)).toThrow("A function is not a value that replicas can hold");
    expect(() => encodeValue({ key: Symbol("s") })).toThrow("A symbol is not");
  });

  it("are rendered for people", () => {
    expect(describeValue({ author: "ann", "two words": [1, -0] })).toBe('{author: "ann", "two words": [1, -0]}');
    expect(describeValue(new Map([["a", new Set([1n])]]))).toBe('Map {"a" => Set {1n}}');
    expect(describeValue(new Date(0))).toBe("1970-01-01T00:00:00.000Z");
    expect(describeValue("x".repeat(100), 10)).toBe('"xxxxxxxx…');
  });

  it("are shortened as if all of them had been looked at, and are not", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99), { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (list, limit) => {
        const whole = `[${list.join(", ")}]`;
        expect(describeValue(list, limit)).toBe(shorten(whole, limit));
        expect(describeItems(["[", "]"], list, String, limit)).toBe(shorten(whole, limit));
      }),
    );
    const looked: number[] = [];
    const long = Array.from({ length: 10_000 }, (_, index) => index);
    describeItems(["[", "]"], long, (item) => `${looked.push(item)}`);
    expect(looked.length).toBe(80);
    const guarded = Object.defineProperty([...long], 5_000, { get: () => looked.push(5_000) });
    expect(describeValue(guarded)).toMatch(/^\[0, 1, 2, .*…$/);
    expect(looked).not.toContain(5_000);
  });
});
