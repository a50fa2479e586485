import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instrumentComparisons } from "./instrument.js";

const everywhere = () => true;
const instrumented = (code: string) => instrumentComparisons(code, everywhere).code;
const recorded = (text: string) => text.replaceAll("⟦", "__faultline_compare(").replaceAll("⟧", ")");

describe("comparisons that a function returns are recorded", () => {
  const cases: readonly (readonly [before: string, after: string])[] = [
    ["const f = () => a === b;", 'const f = () => ⟦a , "===",  b⟧;'],
    ["function f() { return a >= 0; }", 'function f() { return ⟦a , ">=",  0⟧; }'],
    ["const f = async () => await x.read() >= 0;", 'const f = async () => ⟦await x.read() , ">=",  0⟧;'],
    ["const f = () => (a, b) === (c);", 'const f = () => ⟦(a, b) , "===",  (c)⟧;'],
    ["const f = () => a < b && c != d || e;", 'const f = () => ⟦a , "<",  b⟧ && ⟦c , "!=",  d⟧ || e;'],
    ["const f = () => { return a ===\n  b; };", 'const f = () => { return ⟦a , "===", \n  b⟧; };'],
    ["const f = () => () => a <= b;", 'const f = () => () => ⟦a , "<=",  b⟧;'],
  ];
  for (const [before, after] of cases) it(before, () => expect(instrumented(before)).toBe(recorded(after)));
});

describe("other code is left as it is", () => {
  const cases = [
    "if (a === b) f();",
    "const c = a === b;",
    "const f = () => !(a === b);",
    "const f = () => a + b;",
    "const f = () => a instanceof b;",
    "const f = () => (a === b) ?? c;",
    "class C { #x; has(o) { return #x in o; } }",
    "this does not parse ===",
  ];
  for (const code of cases) it(code, () => expect(instrumented(code)).toBe(code));

  it("and code that is not the user's", () => {
    expect(instrumentComparisons("const f = () => a === b;", () => false).code).toBe("const f = () => a === b;");
  });
});

describe("positions", () => {
  it("lead back to where they were", () => {
    // Names that occur once: where a name stands after must lead to where it stood before.
    const name = fc.integer({ min: 0, max: 1e9 }).map((n) => `n${n}`);
    const comparison = fc.tuple(name, fc.constantFrom("===", "<", "!="), name).map((parts) => parts.join(" "));
    const line = fc.array(comparison, { minLength: 1, maxLength: 3 }).map((all) => `() => ${all.join(" && ")};`);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
        const before = lines.join("\n");
        const names = before.match(/n\d+/g) ?? [];
        fc.pre(names.length === new Set(names).size);
        const result = instrumentComparisons(before, everywhere);
        expect(result.code).not.toBe(before);
        for (const each of names) {
          const position = positionOf(result.code, each);
          expect(result.original(position.line, position.column), each).toEqual(positionOf(before, each));
        }
      }),
    );
  });

  it("of the recorder's own call lead to the comparison", () => {
    const { original } = instrumentComparisons("const f = () => a === b;", everywhere);
    expect(original(1, 17)).toEqual({ line: 1, column: 17 });
    expect(original(1, 25)).toEqual({ line: 1, column: 17 });
    expect(original(2, 3)).toEqual({ line: 2, column: 3 });
  });
});

function positionOf(code: string, name: string): { readonly line: number; readonly column: number } {
  const offset = new RegExp(`${name}\\b`).exec(code)?.index ?? -1;
  const before = code.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
