import { ts } from "ts-morph";
import type { Disk } from "./disk.js";

/**
 * Texts and trees of files. A buffer that is open in the editor shadows the file on disk; a changed text updates the tree
 * in place, so that nodes outside the change keep their identity and what is known of them stays valid.
 */
export class Documents {
  readonly #buffers = new Map<string, string>();
  readonly #texts = new Map<string, string>();
  readonly #trees = new Map<string, ts.SourceFile>();

  constructor(private readonly disk: Disk) {}

  isOpen(file: string): boolean {
    return this.#buffers.has(file);
  }

  open(file: string, text: string): void {
    this.#buffers.set(file, text);
    this.#texts.delete(file);
  }

  close(file: string): void {
    this.#buffers.delete(file);
    this.#texts.delete(file);
  }

  /** The file on disk is not what it was. */
  forget(file: string): void {
    this.#texts.delete(file);
  }

  drop(file: string): void {
    this.close(file);
    this.#trees.delete(file);
  }

  /** Undefined for a file that cannot be read. Texts of unparsed files are not kept. */
  text(file: string): string | undefined {
    const known = this.#buffers.get(file) ?? this.#texts.get(file);
    if (known !== undefined) return known;
    const text = this.disk.read(file);
    if (text !== undefined && this.#trees.has(file)) this.#texts.set(file, text);
    return text;
  }

  tree(file: string): ts.SourceFile | undefined {
    const text = this.text(file);
    if (text === undefined) return undefined;
    const old = this.#trees.get(file);
    if (old?.text === text) return old;
    const tree = old === undefined ? parse(file, text) : ts.updateSourceFile(old, text, changeBetween(old.text, text));
    this.#trees.set(file, tree);
    if (!this.#buffers.has(file)) this.#texts.set(file, text);
    return tree;
  }

  /** Files that have been parsed so far. */
  parsed(): Iterable<string> {
    return this.#trees.keys();
  }

  hasTree(file: string): boolean {
    return this.#trees.has(file);
  }
}

function parse(file: string, text: string): ts.SourceFile {
  const options = { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  return ts.createSourceFile(file, text, options, true);
}

/** The one stretch that differs: what common beginning and common end leave. */
function changeBetween(before: string, after: string): ts.TextChangeRange {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  )
    end++;
  return { span: { start, length: before.length - end - start }, newLength: after.length - end - start };
}
