import type { ts } from "ts-morph";
import type { Fix, TextEdit } from "../../documents/finding.js";
import type { Extraction } from "../extract/extraction.js";
import { remembered } from "../remembered.js";
import { rangeBetween } from "../sites.js";
import { ImportEdits } from "./import-edits.js";

export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Collects what a fix changes, file by file, and settles the imports of each file at the end. */
export class Edits {
  readonly #files = new Map<ts.SourceFile, { readonly replacements: Replacement[]; readonly imports: ImportEdits }>();

  constructor(private readonly x: Extraction) {}

  /** The name under which this file can use an export of the runtime; imported if it is not yet. */
  name(
    tree: ts.SourceFile,
    runtimeName: string,
    options: { readonly like?: ts.Node; readonly isType?: boolean } = {},
  ): string {
    return this.#of(tree).imports.use(runtimeName, options);
  }

  replace(node: ts.Node, text: string): void {
    const tree = node.getSourceFile();
    this.splice(tree, node.getStart(tree), node.getEnd(), text);
  }

  /** Removes a node together with the blank that follows it, or its whole line when nothing else stands there. */
  remove(node: ts.Node): void {
    const tree = node.getSourceFile();
    const { text } = tree;
    let end = node.getEnd();
    while (end < text.length && /\s/.test(text.charAt(end))) end++;
    this.splice(tree, node.getStart(tree), end, "");
  }

  insert(tree: ts.SourceFile, at: number, text: string): void {
    this.splice(tree, at, at, text);
  }

  splice(tree: ts.SourceFile, start: number, end: number, text: string): void {
    this.#of(tree).replacements.push({ start, end, text });
  }

  toFix(title: string, kind: Fix["kind"]): Fix | undefined {
    const edits: TextEdit[] = [];
    for (const [tree, { replacements, imports }] of this.#files) {
      const all = [...replacements, ...imports.settle(replacements)].sort((a, b) => a.start - b.start || a.end - b.end);
      if (all.some((each, index) => index > 0 && each.start < (all[index - 1]?.end ?? 0))) return undefined;
      edits.push(
        ...all.map(({ start, end, text }) => ({ file: tree.fileName, range: rangeBetween(tree, start, end), text })),
      );
    }
    return edits.length === 0 ? undefined : { title, kind, edits };
  }

  #of(tree: ts.SourceFile): { readonly replacements: Replacement[]; readonly imports: ImportEdits } {
    return remembered(this.#files, tree, () => ({ replacements: [], imports: new ImportEdits(this.x, tree) }));
  }
}
