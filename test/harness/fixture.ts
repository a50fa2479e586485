import { readFileSync, writeFileSync } from "node:fs";

/**
 * A text fixture: cases that begin with `=== title`. A case is source code, of one file or of several that begin with
 * `//- /name.ts`, with its expectations written into it as markers; after it, `--- title of a fix` and what the fix
 * changes, as a diff.
 */
export interface FixtureCase {
  readonly title: string;
  readonly files: readonly FixtureFile[];
  readonly fixes: readonly { readonly title: string; readonly diff: string }[];
}

export interface FixtureFile {
  /** Absolute: `/account.ts`. */
  readonly name: string;
  readonly text: string;
}

const onlyFile = "/case.ts";

export function readFixture(path: string): readonly FixtureCase[] {
  return parseFixture(readFileSync(path, "utf8"));
}

export function parseFixture(text: string): readonly FixtureCase[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [source = "", ...fixes] = part.slice(part.indexOf("\n") + 1).split(/^--- /m);
      return {
        title: part.slice(0, part.indexOf("\n")).trim(),
        files: parseFiles(source),
        fixes: fixes.map((fix) => {
          const [title = "", ...diff] = fix.split("\n");
          return { title: title.trim(), diff: diff.join("\n").trimEnd() };
        }),
      };
    });
}

function parseFiles(source: string): readonly FixtureFile[] {
  const [head = "", ...named] = source.split(/^\/\/- /m);
  if (named.length === 0) return [{ name: onlyFile, text: tidy(head) }];
  return named.map((part) => ({
    name: part.slice(0, part.indexOf("\n")).trim(),
    text: tidy(part.slice(part.indexOf("\n") + 1)),
  }));
}

/** Blank lines between parts are for the reader of the fixture. */
function tidy(text: string): string {
  return `${text.replace(/^\n+/, "").trimEnd()}\n`;
}

export function writeFixture(path: string, cases: readonly FixtureCase[], introduction = ""): void {
  const head = introduction === "" ? "" : `${introduction.trimEnd()}\n\n`;
  writeFileSync(path, `${head}${cases.map(renderCase).join("\n")}`);
}

export function introductionOf(path: string): string {
  return readFileSync(path, "utf8").split(/^=== /m)[0] ?? "";
}

function renderCase({ title, files, fixes }: FixtureCase): string {
  const [first] = files;
  const isOne = files.length === 1 && first?.name === onlyFile;
  const source = isOne ? first.text : files.map(({ name, text }) => `//- ${name}\n${text}`).join("\n");
  return [`=== ${title}\n\n${source}`, ...fixes.map((fix) => `--- ${fix.title}\n${fix.diff}\n`)].join("\n");
}

/** `UPDATE=1 npx vitest run …` or `npx vitest run … --update` writes what was found in place of what was expected. */
export function isUpdating(snapshotState?: unknown): boolean {
  const mode = (snapshotState as { readonly _updateSnapshot?: unknown } | undefined)?._updateSnapshot;
  return process.env["UPDATE"] === "1" || mode === "all";
}
