import { type AnyNode, type BinaryExpression, parse } from "acorn";

export interface Instrumented {
  readonly code: string;
  /** Where a position of the instrumented program was before: lines from 1, columns from 1. */
  original(line: number, column: number): { readonly line: number; readonly column: number };
}

interface Edit {
  readonly offset: number;
  readonly removed: number;
  readonly inserted: string;
}

const operators = new Set(["===", "!==", "==", "!=", "<", "<=", ">", ">="]);

/**
 * Turns comparisons that a function returns (`return a === b`, `() => a >= b && c < d`) into calls that record their
 * operands, so that a predicate that answers `false` can say what it saw. Lines stay lines; columns are mapped back.
 * Code that does not parse is left as it is: Node will say what is wrong with it.
 */
export function instrumentComparisons(
  code: string,
  isUserCode: (line: number, column: number) => boolean,
): Instrumented {
  const edits = comparisonEdits(code, isUserCode).sort((a, b) => a.offset - b.offset);
  let result = "";
  let position = 0;
  for (const { offset, removed, inserted } of edits) {
    result += code.slice(position, offset) + inserted;
    position = offset + removed;
  }
  const byLine = groupByLine(code, edits);
  return {
    code: result + code.slice(position),
    original: (line, column) => ({ line, column: originalColumn(byLine.get(line) ?? [], column) }),
  };
}

function comparisonEdits(code: string, isUserCode: (line: number, column: number) => boolean): Edit[] {
  if (!/return|=>/.test(code)) return [];
  const edits: Edit[] = [];
  try {
    const program = parse(code, { ecmaVersion: "latest", locations: true, allowReturnOutsideFunction: true });
    for (const comparison of returnedComparisons(program)) {
      const { line, column } = (comparison.loc as NonNullable<typeof comparison.loc>).start;
      if (isUserCode(line, column + 1)) edits.push(...recorded(code, comparison));
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return edits;
}

function recorded(code: string, { left, right, operator, start, end }: BinaryExpression): readonly Edit[] {
  // Between the operands stand the operator, white space, and what closes or opens parentheses around them.
  const offset = code.indexOf(operator, left.end);
  if (offset < 0 || offset >= right.start) return [];
  return [
    { offset: start, removed: 0, inserted: "__faultline_compare(" },
    { offset, removed: operator.length, inserted: `, "${operator}", ` },
    { offset: end, removed: 0, inserted: ")" },
  ];
}

function* returnedComparisons(node: AnyNode): Generator<BinaryExpression> {
  if (node.type === "ReturnStatement" && node.argument != null) yield* comparisonsOf(node.argument);
  if (node.type === "ArrowFunctionExpression" && node.expression) yield* comparisonsOf(node.body);
  for (const child of childrenOf(node)) yield* returnedComparisons(child);
}

function* comparisonsOf(node: AnyNode): Generator<BinaryExpression> {
  if (node.type === "LogicalExpression" && node.operator !== "??") {
    yield* comparisonsOf(node.left);
    yield* comparisonsOf(node.right);
  }
  if (node.type === "BinaryExpression" && operators.has(node.operator) && node.left.type !== "PrivateIdentifier")
    yield node;
}

function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === "object" && child !== null && typeof (child as { type?: unknown }).type === "string")
        yield child as AnyNode;
  }
}

interface LineEdit {
  /** From 1, in the code before. */
  readonly column: number;
  readonly removed: number;
  readonly inserted: number;
}

function groupByLine(code: string, edits: readonly Edit[]): ReadonlyMap<number, readonly LineEdit[]> {
  const lines = new Map<number, LineEdit[]>();
  let line = 1;
  let lineStart = 0;
  let next = code.indexOf("\n");
  for (const { offset, removed, inserted } of edits) {
    while (next >= 0 && next < offset) {
      line++;
      lineStart = next + 1;
      next = code.indexOf("\n", lineStart);
    }
    const onLine = lines.get(line) ?? [];
    onLine.push({ column: offset - lineStart + 1, removed, inserted: inserted.length });
    lines.set(line, onLine);
  }
  return lines;
}

function originalColumn(edits: readonly LineEdit[], column: number): number {
  let shift = 0;
  for (const edit of edits) {
    const start = edit.column + shift;
    if (column < start) break;
    // A position inside of what was inserted belongs to where it was inserted.
    if (column < start + edit.inserted) return edit.column;
    shift += edit.inserted - edit.removed;
  }
  return column - shift;
}
