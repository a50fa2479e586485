import { getLibFiles } from "@ts-morph/common";
import { ts } from "ts-morph";
import { prelude } from "./prelude.js";

export const preludeFile = "/faultline-prelude/index.d.ts";
export const libraryFolder = "/node_modules/typescript/lib";

const libraries = new Map<string, ts.SourceFile>();
let libraryTexts: ReadonlyMap<string, string> | undefined;

/** TypeScript's own declarations, which ts-morph carries inside; parsed once for all programs of the process. */
export function libraryFile(file: string): ts.SourceFile | undefined {
  const known = libraries.get(file);
  if (known !== undefined) return known;
  const text = file === preludeFile ? prelude : libraryText(file);
  if (text === undefined) return undefined;
  // Half of it is documentation, which nobody reads here.
  const kinds = { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  const tree = ts.createSourceFile(file, text, kinds, true);
  libraries.set(file, tree);
  return tree;
}

function libraryText(file: string): string | undefined {
  if (!file.startsWith(libraryFolder)) return undefined;
  libraryTexts ??= new Map(
    getLibFiles().map((each: { fileName: string; text: string }) => [`${libraryFolder}/${each.fileName}`, each.text]),
  );
  return libraryTexts.get(file);
}
