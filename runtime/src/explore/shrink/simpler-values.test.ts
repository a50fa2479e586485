import { assert, constantFrom, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeValue } from "../../data/values.js";
import { Prng } from "../../simulation/prng.js";
import { argumentSource, drawsFrom } from "../workload/arbitraries.js";
import type { ParameterShape, ValueShape } from "../workload/shape.js";
import { simplerArguments } from "./simpler-values.js";

const number: ValueShape = { kind: "number", near: [40] };
const text: ValueShape = { kind: "string", near: ["new"] };
const colour: ValueShape = {
  kind: "union",
  members: [{ kind: "constant", value: "red" }, { kind: "constant", value: 7 }, { kind: "undefined" }],
};
const shapes: readonly ValueShape[] = [
  ...[
    number,
    text,
    colour,
    { kind: "bigint", near: [3] } as const,
    { kind: "boolean" } as const,
    { kind: "date" } as const,
  ],
  { kind: "array", element: colour },
  { kind: "tuple", elements: [number, text] },
  {
    kind: "object",
    properties: [
      { name: "amount", values: number, isOptional: false },
      { name: "colour", values: colour, isOptional: true },
    ],
  },
  { kind: "record", value: number },
  { kind: "set", element: text },
  { kind: "map", key: text, value: { kind: "array", element: number } },
];

/** The dumb twin: does this type allow this value? */
function allows(shape: ValueShape, value: unknown): boolean {
  switch (shape.kind) {
    case "number":
      return typeof value === "number" && value >= 0;
    case "bigint":
      return typeof value === "bigint" && value >= 0n;
    case "string":
      return typeof value === "string" && value !== "";
    case "boolean":
      return typeof value === "boolean";
    case "date":
      return value instanceof Date;
    case "constant":
      return value === shape.value;
    case "undefined":
      return value === undefined;
    case "union":
      return shape.members.some((member) => allows(member, value));
    case "array":
      return Array.isArray(value) && value.every((part) => allows(shape.element, part));
    case "tuple":
      return Array.isArray(value) && shape.elements.every((element, index) => allows(element, value[index]));
    case "object": {
      const object = value as Readonly<Record<string, unknown>>;
      const names = shape.properties.map(({ name }) => name);
      return (
        Object.keys(object).every((key) => names.includes(key)) &&
        shape.properties.every(({ name, values, isOptional }) =>
          name in object ? allows(values, object[name]) : isOptional,
        )
      );
    }
    case "record":
      return Object.values(value as object).every((part) => allows(shape.value, part));
    case "set":
      return value instanceof Set && [...value].every((part) => allows(shape.element, part));
    case "map":
      return (
        value instanceof Map && [...value].every(([key, part]) => allows(shape.key, key) && allows(shape.value, part))
      );
    default:
      return false;
  }
}

const parameterOf = (values: ValueShape, isOptional = false, isRest = false): ParameterShape => {
  return { name: "it", values, isOptional, isRest };
};

describe("simpler arguments", () => {
  const drawn = (parameters: readonly ParameterShape[], seed: number) =>
    argumentSource(parameters, []).draw(drawsFrom(Prng.seeded(seed, "test")));

  it("are of their types, differ, and come to an end", () => {
    assert(
      property(constantFrom(...shapes), integer(), (shape, seed) => {
        const parameters = [parameterOf(shape)];
        let args = drawn(parameters, seed);
        for (let steps = 0; ; steps++) {
          expect(steps).toBeLessThan(200);
          const before = args;
          const simpler = [...simplerArguments(before, parameters)];
          for (const each of simpler) {
            expect(allows(shape, each[0])).toBe(true);
            expect(encodeValue(each)).not.toBe(encodeValue(before));
          }
          const [next] = simpler;
          if (next === undefined) break;
          args = next;
        }
      }),
    );
  });

  it("are fewer where they may be left out", () => {
    const parameters = [parameterOf(number), parameterOf(text, true), parameterOf(colour, false, true)];
    const given = [1, "a", "red", 7];
    expect([...simplerArguments(given, parameters)]).toEqual([
      [1, undefined, "red", 7],
      [1, "a", 7],
      [1, "a", "red"],
      [1, "a", "red", "red"],
    ]);
  });

  it("stay as short as they were, in a tuple that somebody has shortened", () => {
    const absent: ValueShape = { kind: "union", members: [{ kind: "constant", value: null }, { kind: "undefined" }] };
    const parameters = [parameterOf({ kind: "tuple", elements: [number, absent] })];
    expect([...simplerArguments([[1]], parameters)]).toEqual([]);
  });
});
