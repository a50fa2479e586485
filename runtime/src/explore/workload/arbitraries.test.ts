import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeValue } from "../../data/values.js";
import { hash, Prng } from "../../simulation/prng.js";
import { argumentSource, drawsFrom, HandleDraw, impossibleIn } from "./arbitraries.js";
import type { ParameterShape, ValueShape } from "./shape.js";

const constants = fc.constantFrom(null, true, 7, "open");
const impossible: ValueShape = { kind: "impossible", type: "() => void", path: "f(onDone)", why: "it is a function" };

const { shape: anyShape } = fc.letrec<{ shape: ValueShape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<ValueShape>(
      { kind: "boolean" },
      { kind: "date" },
      { kind: "undefined" },
      { kind: "handle", target: "Account" },
      impossible,
    ),
    fc
      .array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 3 })
      .map((near): ValueShape => ({ kind: "number", near })),
    fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 2 }).map((near): ValueShape => ({ kind: "bigint", near })),
    fc.array(fc.string(), { maxLength: 2 }).map((near): ValueShape => ({ kind: "string", near })),
    constants.map((value): ValueShape => ({ kind: "constant", value })),
    fc.array(tie("shape"), { minLength: 1, maxLength: 3 }).map((members): ValueShape => ({ kind: "union", members })),
    tie("shape").map((element): ValueShape => ({ kind: "array", element })),
    tie("shape").map((element): ValueShape => ({ kind: "set", element })),
    tie("shape").map((value): ValueShape => ({ kind: "record", value })),
    fc.tuple(tie("shape"), tie("shape")).map(([key, value]): ValueShape => ({ kind: "map", key, value })),
    fc.array(tie("shape"), { maxLength: 3 }).map((elements): ValueShape => ({ kind: "tuple", elements })),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c"), tie("shape"), fc.boolean()), { selector: ([name]) => name })
      .map((entries): ValueShape => {
        return {
          kind: "object",
          properties: entries.map(([name, values, isOptional]) => ({ name, values, isOptional })),
        };
      }),
  ),
}));

/** Says of a value whether it is of a shape, without knowing how values are made. */
function isOf(shape: ValueShape, value: unknown): boolean {
  switch (shape.kind) {
    case "number":
      return Number.isInteger(value) && (value as number) >= 0;
    case "bigint":
      return typeof value === "bigint" && value >= 0n;
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "date":
      return value instanceof Date && !Number.isNaN(value.getTime());
    case "constant":
      return value === shape.value;
    case "undefined":
      return value === undefined;
    case "union":
      return shape.members.some((member) => isOf(member, value));
    case "array":
      return Array.isArray(value) && value.every((part) => isOf(shape.element, part));
    case "tuple":
      return (
        Array.isArray(value) &&
        value.length === shape.elements.length &&
        shape.elements.every((element, index) => isOf(element, value[index]))
      );
    case "object":
      return (
        typeof value === "object" &&
        value !== null &&
        Object.getPrototypeOf(value) === Object.prototype &&
        Object.keys(value).every((key) => shape.properties.some(({ name }) => name === key)) &&
        shape.properties.every(({ name, values, isOptional }) =>
          Object.hasOwn(value, name) ? isOf(values, (value as Record<string, unknown>)[name]) : isOptional,
        )
      );
    case "record":
      return (
        typeof value === "object" && value !== null && Object.values(value).every((part) => isOf(shape.value, part))
      );
    case "set":
      return value instanceof Set && [...value].every((part) => isOf(shape.element, part));
    case "map":
      return value instanceof Map && [...value].every(([key, part]) => isOf(shape.key, key) && isOf(shape.value, part));
    case "handle":
      return value instanceof HandleDraw && value.target === shape.target;
    case "impossible":
      return false;
  }
}

const parameter = (values: ValueShape, rest: Partial<ParameterShape> = {}): ParameterShape => {
  return { name: "value", values, isOptional: false, isRest: false, ...rest };
};

const drawn = (parameters: readonly ParameterShape[], seed: number, count: number, texts: readonly string[] = []) => {
  const source = argumentSource(parameters, texts);
  const draws = drawsFrom(Prng.seeded(seed, "test"));
  return Array.from({ length: count }, () => source.draw(draws));
};

const numbers = (near: readonly number[]) =>
  drawn([parameter({ kind: "number", near })], 1, 400).map(([value]) => value as number);

describe("drawn arguments", () => {
  it("are of their shape", () => {
    fc.assert(
      fc.property(anyShape, fc.nat(), (shape, seed) => {
        fc.pre(impossibleIn(shape) === undefined);
        // An undefined at the end is not passed.
        for (const [value] of drawn([parameter(shape)], seed, 10)) if (!isOf(shape, value)) return false;
        return true;
      }),
      { numRuns: 300 },
    );
  });

  it("are the same bytes for the same seed, whatever was drawn before", () => {
    fc.assert(
      fc.property(anyShape, fc.nat(), (shape, seed) => {
        fc.pre(impossibleIn(shape) === undefined);
        const once = () => encodeValue(drawn([parameter(shape)], seed, 5));
        expect(once()).toBe(once());
      }),
      { numRuns: 100 },
    );
  });

  it("are what they were on every machine", () => {
    const shapes: readonly ValueShape[] = [
      { kind: "number", near: [100, 0.5, -3] },
      { kind: "string", near: ["gold", ""] },
      { kind: "date" },
      { kind: "bigint", near: [7] },
      { kind: "record", value: { kind: "boolean" } },
      { kind: "map", key: { kind: "string", near: [] }, value: { kind: "set", element: { kind: "number", near: [] } } },
      {
        kind: "union",
        members: [
          { kind: "handle", target: "Account" },
          { kind: "constant", value: null },
        ],
      },
    ];
    const parameters = [...shapes.map((shape) => parameter(shape)), parameter({ kind: "boolean" }, { isRest: true })];
    const bytes = encodeValue(drawn(parameters, 1, 50, ["account1"]));
    expect(bytes.slice(0, 160)).toMatchInlineSnapshot(
      `"[[4,"c",Date(1767225660000),10n,{"b":true,"c":false},Map{"Hwi8"=>Set{},"a"=>Set{0,5,98},"account1"=>Set{0,58,83}},null,false,false],[3.5,"b",Date(1767225599999)"`,
    );
    expect(hash(bytes)).toMatchInlineSnapshot(`504201357`);
  });

  it("are neither negative nor fractions nor empty unless the code speaks of such", () => {
    expect(numbers([0, 100]).every((value) => value >= 0 && Number.isInteger(value))).toBe(true);
    expect(numbers([-5])).toEqual(expect.arrayContaining([-6, -5, -4]));
    expect(numbers([0.5]).some((value) => !Number.isInteger(value))).toBe(true);
    const texts = (near: readonly string[]) => drawn([parameter({ kind: "string", near })], 1, 400).flat();
    expect(texts(["gold"])).not.toContain("");
    expect(texts(["gold", ""])).toContain("");
  });

  it("try what the code compares with, and its neighbours", () => {
    expect(numbers([100])).toEqual(expect.arrayContaining([0, 1, 2, 3, 99, 100, 101]));
    const texts = drawn([parameter({ kind: "string", near: ["gold"] })], 1, 100, ["account2"]).flat();
    expect(texts).toEqual(expect.arrayContaining(["gold", "account2", "a"]));
  });

  it("leave out what is optional at times, and always what cannot be made", () => {
    const optional = drawn([parameter({ kind: "boolean" }, { isOptional: true })], 1, 50).map(({ length }) => length);
    expect(new Set(optional)).toEqual(new Set([0, 1]));
    expect(drawn([parameter(impossible, { isOptional: true })], 1, 5).flat()).toEqual([]);
    const rest = drawn([parameter({ kind: "boolean" }, { isRest: true })], 1, 50).map(({ length }) => length);
    expect(new Set(rest)).toEqual(new Set([0, 1, 2, 3]));
  });
});

describe("a shape", () => {
  it("is impossible only if nothing of it can be left out", () => {
    const union: ValueShape = { kind: "union", members: [impossible, { kind: "boolean" }] };
    const property = (isOptional: boolean): ValueShape => {
      return { kind: "object", properties: [{ name: "onDone", values: impossible, isOptional }] };
    };
    expect([union, property(true), { kind: "tuple", elements: [] } as const].map(impossibleIn)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(impossibleIn(property(false))).toBe(impossible);
    expect(impossibleIn({ kind: "array", element: impossible })).toBe(impossible);
    expect(impossibleIn({ kind: "union", members: [impossible] })).toBe(impossible);
  });
});
