import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { applyEdits, diffOf } from "../../../test/harness/edits.js";
import { findingsOf, markersFor } from "../../../test/harness/findings.js";
import {
  type FixtureCase,
  introductionOf,
  isUpdating,
  readFixture,
  writeFixture,
} from "../../../test/harness/fixture.js";
import { readMarkers, writeMarkers } from "../../../test/harness/markers.js";
import { type Project, typeErrors } from "../../../test/harness/types.js";
import type { Finding } from "../documents/finding.js";
import { rules } from "./index.js";

const isUpdate = isUpdating(expect.getState()["snapshotState"]);

describe.each(rules)("$id", (rule) => {
  const path = fileURLToPath(new URL(`./${rule.id}/cases.fixture`, import.meta.url));
  const cases = readFixture(path);
  const found = (each: Pick<FixtureCase, "files">): readonly Finding[] =>
    findingsOf(each.files).filter((finding) => finding.rule === rule.id);

  if (isUpdate)
    writeFixture(
      path,
      cases.map((each) => updated(each, found(each))),
      introductionOf(path),
    );

  it.each((isUpdate ? readFixture(path) : cases).map((each) => [each.title, each] as const))("%s", (title, each) => {
    const findings = found(each);
    for (const { name, text } of each.files) {
      expect(describeMarkers(markersFor(name, findings, text))).toEqual(describeMarkers(readMarkers(text)));
    }
    expect(findings.length > 0 ? "finds" : "silent").toBe(title.split(":")[0]);
    for (const fix of each.fixes) expect(diffOfFix(each, findings, fix.title)).toBe(fix.diff);
  });

  it("has at least twelve cases that find and twelve that are silent", () => {
    const finding = cases.filter((each) => each.title.startsWith("finds:")).length;
    expect(finding).toBeGreaterThanOrEqual(12);
    expect(cases.length - finding).toBeGreaterThanOrEqual(12);
  });

  it("offers fixes after which it finds nothing, and after which nothing more is wrong with the types", () => {
    const before: Project[] = [];
    const after: Project[] = [];
    for (const [index, each] of cases.entries()) {
      before.push({ folder: `/${index}`, files: each.files });
      for (const [order, fixed] of fixedVersions(each, found(each)).entries()) {
        const left = found({ files: fixed.files });
        expect({ case: each.title, fix: fixed.title, left: left.map((finding) => finding.message) }).toEqual({
          case: each.title,
          fix: fixed.title,
          left: [],
        });
        after.push({ folder: `/${index}-${order}`, files: fixed.files });
      }
    }
    const errors = typeErrors([...before, ...after]);
    for (const { folder } of after) {
      const old = errors.get(folder.replace(/-\d+$/, "")) ?? [];
      expect({ folder, errors: (errors.get(folder) ?? []).filter((error) => !old.includes(error)) }).toEqual({
        folder,
        errors: [],
      });
    }
  });

  it("has a page whose incorrect code it finds, and whose correct code it does not", () => {
    const page = readFileSync(fileURLToPath(new URL(`./${rule.id}/rule.md`, import.meta.url)), "utf8");
    const code = (heading: string): readonly string[] => {
      const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
      return [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
    };
    const check = (text: string): readonly Finding[] => findingsOf([{ name: "/page.ts", text }]);
    expect(code("Incorrect").length).toBeGreaterThan(0);
    for (const text of code("Incorrect")) expect(check(text).map((finding) => finding.rule)).toContain(rule.id);
    for (const text of code("Correct")) expect(check(text)).toEqual([]);
    const headings = [...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(headings).toEqual([
      "What it finds",
      "Why it matters",
      "Incorrect",
      "Correct",
      "Fixes",
      "When to suppress",
      "Source",
    ]);
    const pages = [...code("Incorrect"), ...code("Correct")].map((text, index) => ({
      folder: `/${index}`,
      files: [{ name: "/page.ts", text }],
    }));
    expect([...typeErrors(pages).values()].flat()).toEqual([]);
  });
});

it("every folder with a rule is in the list", () => {
  for (const rule of rules)
    expect(existsSync(fileURLToPath(new URL(`./${rule.id}/rule.ts`, import.meta.url)))).toBe(true);
});

function describeMarkers(markers: ReturnType<typeof readMarkers>): readonly string[] {
  return markers.map(({ line, column, endColumn, text }) => `${line}:${column}-${endColumn} ${text}`);
}

/** The files with one fix applied to every finding that offers one of that sort, for each fix of the first finding. */
function fixedVersions(
  each: FixtureCase,
  findings: readonly Finding[],
): readonly { readonly title: string; readonly files: FixtureCase["files"] }[] {
  const [first] = findings;
  const count = first?.fixes.length ?? 0;
  return Array.from({ length: count }, (_, order) => {
    let { files } = each;
    let left = findings;
    let title = "";
    // A fix of one finding may settle others, so they are found again after each.
    for (let round = 0; left.length > 0 && round < findings.length; round++) {
      const fix = left[0]?.fixes[Math.min(order, (left[0]?.fixes.length ?? 1) - 1)];
      if (fix === undefined) break;
      title = title === "" ? fix.title : `${title}; ${fix.title}`;
      files = applyEdits(files, fix.edits);
      left = findingsOf(files).filter((finding) => finding.rule === first?.rule);
    }
    return { title, files };
  });
}

function diffOfFix(each: FixtureCase, findings: readonly Finding[], title: string): string {
  const fix = findings.flatMap((finding) => finding.fixes).find((one) => one.title === title);
  return fix === undefined ? "(not offered)" : diffOf(each.files, applyEdits(each.files, fix.edits));
}

/** Twice, because markers move the lines that messages speak of. */
function updated(each: FixtureCase, findings: readonly Finding[]): FixtureCase {
  const mark = ({ files }: Pick<FixtureCase, "files">, found: readonly Finding[]): FixtureCase["files"] =>
    files.map(({ name, text }) => ({ name, text: writeMarkers(text, markersFor(name, found, text)) }));
  const again = (files: FixtureCase["files"]): readonly Finding[] =>
    findingsOf(files).filter((finding) => finding.rule === findings[0]?.rule);
  const once = mark(each, findings);
  const files = mark({ files: once }, again(once));
  const marked = { ...each, files };
  const fixes = each.fixes.map(({ title }) => ({ title, diff: diffOfFix(marked, again(files), title) }));
  return { ...marked, fixes };
}
