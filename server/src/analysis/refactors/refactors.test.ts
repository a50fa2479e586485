import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { applyEdits, diffOf } from "../../../../test/harness/edits.js";
import { findingsOf } from "../../../../test/harness/findings.js";
import {
  type FixtureCase,
  type FixtureFile,
  introductionOf,
  isUpdating,
  readFixture,
  writeFixture,
} from "../../../../test/harness/fixture.js";
import { type Project, typeErrors } from "../../../../test/harness/types.js";
import type { Position } from "../../documents/finding.js";
import type { Refactor } from "../analysis.js";
import { createAnalysis } from "../index.js";
import { refactorings } from "./index.js";

const isUpdate = isUpdating(expect.getState()["snapshotState"]);

describe.each(refactorings)("$id", ({ id }) => {
  const path = fileURLToPath(new URL(`./${kebab(id)}.fixture`, import.meta.url));
  if (isUpdate)
    writeFixture(
      path,
      readFixture(path).map((each) => updated(each, id)),
      introductionOf(path),
    );
  const cases = readFixture(path);

  it.each(cases.map((each) => [each.title, each] as const))("%s", (title, each) => {
    const { files, offers } = offered(each, id);
    expect(offers.map((offer) => offer.title)).toEqual(each.fixes.map((fix) => fix.title));
    expect(offers.length > 0 ? "offered" : "not offered").toBe(title.split(":")[0]);
    for (const [index, offer] of offers.entries()) {
      const diff = diffOf(files, applyEdits(files, offer.edits()));
      expect(diff).not.toBe("");
      if (each.fixes[index]?.diff !== "") expect(diff).toBe(each.fixes[index]?.diff);
    }
  });

  it("is offered in at least six cases, and not in at least four", () => {
    const count = cases.filter((each) => each.title.startsWith("offered:")).length;
    expect(count).toBeGreaterThanOrEqual(6);
    expect(cases.length - count).toBeGreaterThanOrEqual(4);
  });

  it("leaves text that is right as to its types, and finds nothing there that is an error but was none before", () => {
    const before: Project[] = [];
    const after: Project[] = [];
    for (const [index, each] of cases.entries()) {
      const { files, offers } = offered(each, id);
      const known = errorsIn(files);
      if (offers.length > 0) before.push({ folder: `/${index}`, files });
      for (const [order, offer] of offers.entries()) {
        const changed = applyEdits(files, offer.edits());
        expect({ case: each.title, errors: errorsIn(changed).filter((error) => !known.includes(error)) }).toEqual({
          case: each.title,
          errors: [],
        });
        after.push({ folder: `/${index}-${order}`, files: changed });
      }
    }
    expect(Object.fromEntries(typeErrors([...before, ...after]))).toEqual(
      Object.fromEntries([...before, ...after].map(({ folder }) => [folder, []])),
    );
  });
});

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The files without the marks of the caret, or of where the selection begins and ends: `$0`. */
function offered(
  { files: marked }: Pick<FixtureCase, "files">,
  id: Refactor["id"],
): { readonly files: readonly FixtureFile[]; readonly offers: readonly Refactor[] } {
  const files = marked.map(({ name, text }) => ({ name, text: text.replaceAll("$0", "") }));
  const where = marked.find(({ text }) => text.includes("$0"));
  if (where === undefined) throw new Error("A case needs a caret.");
  const [before = "", selected, rest] = where.text.split("$0");
  const analysis = createAnalysis({ root: "/fixture-that-is-not-on-disk" });
  for (const { name, text } of files) analysis.open(name, text);
  const start = positionAfter(before);
  const end = rest === undefined ? start : positionAfter(before + selected);
  const offers = analysis.refactors(where.name, { start, end }).filter((each) => each.id === id);
  if (analysis.notes.length > 0) throw new Error(analysis.notes.join("\n"));
  return { files, offers };
}

function positionAfter(text: string): Position {
  const lines = text.split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function errorsIn(files: readonly FixtureFile[]): readonly string[] {
  return findingsOf(files)
    .filter(({ severity }) => severity === "error")
    .map(({ rule, file }) => `${file}: ${rule}`);
}

/** A diff for each that has one, and for the first of a new case; of the others the title is enough. */
function updated(each: FixtureCase, id: Refactor["id"]): FixtureCase {
  const { files, offers } = offered(each, id);
  const shown = offers.filter(({ title }) => each.fixes.some((fix) => fix.title === title && fix.diff !== ""));
  const isWanted = (offer: Refactor): boolean => (shown.length === 0 ? offers[0] === offer : shown.includes(offer));
  const fixes = offers.map((offer) => ({
    title: offer.title,
    diff: isWanted(offer) ? diffOf(files, applyEdits(files, offer.edits())) : "",
  }));
  return { ...each, fixes };
}
