import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits } from "../../../../test/harness/edits.js";
import { type FixtureCase, type FixtureFile, readFixture } from "../../../../test/harness/fixture.js";
import { withoutMarkers } from "../../../../test/harness/markers.js";
import { rules } from "../../rules/index.js";
import type { Analysis } from "../analysis.js";
import { createAnalysis } from "../index.js";

const cases: readonly FixtureCase[] = rules.flatMap((rule) =>
  readFixture(fileURLToPath(new URL(`../../rules/${rule.id}/cases.fixture`, import.meta.url))),
);

function opened(files: readonly FixtureFile[]): Analysis {
  const analysis = createAnalysis({ root: "/nowhere" });
  for (const { name, text } of files) analysis.open(name, text);
  return analysis;
}

/** From the start of one word to the end of it or of another: what people select. */
const selections = fc.tuple(fc.nat(), fc.nat(), fc.boolean());

function selectionIn(text: string, [from, to, isCaret]: readonly [number, number, boolean]) {
  const words = [...text.matchAll(/[\w$]+/g)];
  const first = words[from % words.length]?.index ?? 0;
  const last = words[Math.min(words.length - 1, (from % words.length) + (to % 12))];
  const end = isCaret ? first : (last?.index ?? 0) + (last?.[0].length ?? 0);
  const position = (offset: number) => {
    const lines = text.slice(0, offset).split("\n");
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  };
  return { start: position(first), end: position(end) };
}

describe("wherever the caret stands", () => {
  it("what is offered changes something, and leaves code that parses as well as it did", () => {
    let count = 0;
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.nat(), selections, (each, index, selection) => {
        const files = each.files.map(({ name, text }) => ({ name, text: withoutMarkers(text) }));
        const file = files[index % files.length] as FixtureFile;
        const analysis = opened(files);
        const broken = files.filter(({ name }) => analysis.syntaxError(name) !== undefined).length;
        for (const offer of analysis.refactors(file.name, selectionIn(file.text, selection))) {
          count++;
          const changed = applyEdits(files, offer.edits());
          expect({ title: offer.title, isChanged: changed.some(({ text }, at) => text !== files[at]?.text) }).toEqual({
            title: offer.title,
            isChanged: true,
          });
          const after = opened(changed);
          expect(files.filter(({ name }) => after.syntaxError(name) !== undefined).length).toBe(broken);
        }
        expect(analysis.notes).toEqual([]);
      }),
      { numRuns: 500, seed: 11 },
    );
    expect(count).toBeGreaterThan(50);
  });

  it("nothing fails in code that is being typed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.nat(), fc.nat(40), selections, (each, point, length, selection) => {
        const { text } = each.files[0] as FixtureFile;
        const start = point % (text.length + 1);
        const typed = text.slice(0, start) + text.slice(start + length);
        const analysis = opened([{ name: "/case.ts", text: typed }]);
        for (const offer of analysis.refactors("/case.ts", selectionIn(typed, selection))) offer.edits();
        expect(analysis.notes).toEqual([]);
      }),
      { numRuns: 400, seed: 13 },
    );
  });
});
