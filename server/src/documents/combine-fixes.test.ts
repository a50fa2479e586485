import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combineSafeFixes } from "./combine-fixes.js";
import type { Finding, Fix } from "./finding.js";
import { applyTextEdits } from "./text-edits.js";

const position = (column: number) => ({ line: 1, column });
const fix = (kind: Fix["kind"], ...edits: readonly (readonly [file: string, from: number, to: number])[]): Fix => ({
  title: JSON.stringify(edits),
  kind,
  edits: edits.map(([file, from, to]) => ({ file, range: { start: position(from), end: position(to) }, text: "x" })),
});
const finding = (...fixes: readonly Fix[]): Finding => ({
  ...{ rule: "rule", severity: "error", file: "a", message: "", why: "", help: "", related: [] },
  range: { start: position(1), end: position(1) },
  fixes,
});
const chosen = (...fixes: readonly Fix[]) => combineSafeFixes(fixes.map((each) => finding(each)));

describe("fixes that are made at once", () => {
  it("are those that do not overlap; of two that do, the first", () => {
    const [first, inside, beside, elsewhere] = [
      fix("safe", ["a", 1, 5]),
      fix("safe", ["a", 2, 3]),
      fix("safe", ["a", 7, 9]),
      fix("safe", ["b", 2, 3]),
    ];
    expect(chosen(first, inside, beside, elsewhere)).toEqual([first, beside, elsewhere]);
    expect(chosen(inside, first)).toEqual([inside]);
  });

  it("do not touch: nobody chose the order of two insertions at one place", () => {
    const insertion = fix("safe", ["a", 5, 5]);
    expect(chosen(insertion, fix("safe", ["a", 5, 5]))).toEqual([insertion]);
    expect(chosen(insertion, fix("safe", ["a", 5, 7]))).toEqual([insertion]);
  });

  it("are whole: one that overlaps in any file waits in all", () => {
    const both = fix("safe", ["a", 1, 2], ["b", 1, 2]);
    expect(chosen(fix("safe", ["b", 1, 3]), both)).toHaveLength(1);
    expect(chosen(both, fix("safe", ["b", 2, 3]), fix("safe", ["a", 9, 9]))).toHaveLength(2);
  });

  it("are safe, and one a finding", () => {
    const safe = fix("safe", ["a", 1, 2]);
    const findings = [finding(fix("suggested", ["a", 1, 2]), safe, fix("safe", ["a", 8, 9]))];
    expect(combineSafeFixes(findings)).toEqual([safe]);
    expect(chosen(fix("suggested", ["a", 1, 2]))).toEqual([]);
  });

  it("give the same text in whatever order their edits are made", () => {
    const span = fc.tuple(fc.constantFrom("a", "b"), fc.nat(20), fc.nat(4));
    const edits = fc.array(span, { minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(fc.array(edits, { maxLength: 12 }), (all) => {
        const fixes = all.map((spans) =>
          fix("safe", ...spans.map(([file, at, length]) => [file, at + 1, at + 1 + length] as const)),
        );
        const made = chosen(...fixes);
        expect(made[0]).toEqual(fixes[0]);
        for (const file of ["a", "b"]) {
          const own = made.flatMap((each) => each.edits).filter((edit) => edit.file === file);
          const text = "abcdefghijklmnopqrstuvwxyz";
          expect(applyTextEdits(text, own)).toBe(applyTextEdits(text, [...own].reverse()));
        }
      }),
    );
  });
});

describe("edits of a text", () => {
  it("count lines as TypeScript does", () => {
    const range = { start: { line: 4, column: 1 }, end: { line: 4, column: 2 } };
    expect(applyTextEdits("a\r\nb\u2028c\nd", [{ file: "a", range, text: "D" }])).toBe("a\r\nb\u2028c\nD");
  });
});
