import { fileURLToPath, pathToFileURL } from "node:url";
import type { Range as ProtocolRange } from "vscode-languageserver/node";
import type { Range } from "../documents/finding.js";

/**
 * The one place that knows both ways of counting: our lines and columns start at 1, those of the protocol at 0. Both count
 * UTF-16 code units, which is what JavaScript strings and the protocol's default position encoding have in common.
 */
export function toProtocolRange(range: Range): ProtocolRange {
  return {
    start: { line: range.start.line - 1, character: range.start.column - 1 },
    end: { line: range.end.line - 1, character: range.end.column - 1 },
  };
}

export function fromProtocolRange({ start, end }: ProtocolRange): Range {
  return {
    start: { line: start.line + 1, column: start.character + 1 },
    end: { line: end.line + 1, column: end.character + 1 },
  };
}

export function rangesTouch(a: ProtocolRange, b: ProtocolRange): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: ProtocolRange["start"], b: ProtocolRange["start"]): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

/** The absolute path of a `file:` address; undefined for what is not a file (unsaved, virtual, another machine's). */
export function fileOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

export function fileOfDocument(parameters: { readonly textDocument: { readonly uri: string } }): string | undefined {
  return fileOf(parameters.textDocument.uri);
}

export function uriOf(file: string): string {
  return pathToFileURL(file).href;
}
