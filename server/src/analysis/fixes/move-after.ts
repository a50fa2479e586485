import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { localsOf, lookUp } from "../extract/scopes.js";
import { hasModifier } from "../extract/skeleton.js";
import type { Method, Step } from "../model.js";
import { nodeOf } from "../sites.js";
import { stateOf } from "../states.js";
import { isWhole } from "../syntax-errors.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/**
 * Splits `pay` into `payInTransaction`, which keeps the decorator and the rest of the body, and `pay`, which calls it and
 * then does what was moved. Only for whole statements that need nothing the body declares, in a body that never returns
 * early: otherwise the move could run what was skipped before.
 */
export function moveAfterTransaction(
  view: View,
  method: Method,
  moved: readonly Step[],
  steps: readonly Step[],
): Fix | undefined {
  const node = nodeOf(method.site)?.parent;
  const decorator = method.transaction && nodeOf(method.transaction.site);
  if (
    node === undefined ||
    !ts.isMethodDeclaration(node) ||
    node.body === undefined ||
    decorator === undefined ||
    moved.length === 0
  )
    return undefined;
  if (!ts.isIdentifier(node.name) || hasModifier(node, ts.SyntaxKind.StaticKeyword) || returns(node.body))
    return undefined;
  if (!isWhole(node.parent)) return undefined;
  const statements = new Set(moved.map((step) => statementOf(step, node.body as ts.Block)));
  const staying = steps.filter((step) => !moved.includes(step)).map((step) => statementOf(step, node.body as ts.Block));
  const arguments_ = node.parameters.map(argumentOf);
  if (staying.length === 0 || staying.some((each) => statements.has(each)) || arguments_.includes(undefined))
    return undefined;
  for (const statement of statements) if (statement === undefined || usesLocals(statement, node.body)) return undefined;

  const inner = `${node.name.text}InTransaction`;
  if (ts.isClassLike(node.parent) && node.parent.members.some((member) => member.name?.getText() === inner))
    return undefined;
  const tree = node.getSourceFile();
  const edits = new Edits(view.sources.x);
  const lines = [...statements]
    .filter((each) => each !== undefined)
    .sort((a, b) => a.pos - b.pos)
    .map((each) => linesOf(tree, each));
  const indent = indentOf(tree, node);
  const step = indentOf(tree, node.body.statements[0] ?? node.body);
  const call = `${step}await this.${inner}(${arguments_.join(", ")});\n`;
  const movedText = lines.map(({ start, end }) => tree.text.slice(start, end)).join("");
  const head = tree.text.slice(
    node.typeParameters?.pos !== undefined ? node.typeParameters.pos - 1 : node.name.getEnd(),
    node.body.getStart(tree),
  );
  const body = cut(tree.text.slice(node.body.getStart(tree), node.body.getEnd()), lines, node.body.getStart(tree));
  edits.remove(decorator);
  edits.splice(
    tree,
    node.body.getStart(tree),
    node.body.getEnd(),
    `{\n${call}${movedText}${indent}}\n\n${indent}${decorator.getText(tree)}\n${indent}private async ${inner}${head}${body}`,
  );
  const cells = [...new Set(moved.flatMap((each) => each.stateEffects.map((effect) => `\`${stateOf(effect).name}\``)))];
  return edits.toFix(`Change ${cells.join(" and ")} after the transaction`, "suggested");
}

export function returns(node: ts.Node): boolean {
  if (ts.isReturnStatement(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => returns(child) || undefined) ?? false;
}

/** The expression statement, directly in the body, that a step stands in. */
function statementOf(step: Step, body: ts.Block): ts.Statement | undefined {
  let node = nodeOf(step.site);
  while (node !== undefined && node.parent !== body) node = node.parent;
  return node !== undefined && ts.isExpressionStatement(node) ? node : undefined;
}

function usesLocals(statement: ts.Node, body: ts.Block): boolean {
  const locals = localsOf(body);
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && locals.has(node.text) && lookUp(node.text, node) === locals.get(node.text))
      return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(statement);
}

export function argumentOf(parameter: ts.ParameterDeclaration): string | undefined {
  if (!ts.isIdentifier(parameter.name)) return undefined;
  return `${parameter.dotDotDotToken === undefined ? "" : "..."}${parameter.name.text}`;
}

export function linesOf(
  tree: ts.SourceFile,
  statement: ts.Statement,
): { readonly start: number; readonly end: number } {
  const comments = ts.getLeadingCommentRanges(tree.text, statement.getFullStart()) ?? [];
  const own = comments.filter((each) => tree.text.slice(statement.getFullStart(), each.pos).includes("\n"));
  const first = own[0]?.pos ?? statement.getStart(tree);
  const end = tree.text.indexOf("\n", statement.getEnd());
  return { start: tree.text.lastIndexOf("\n", first) + 1, end: end < 0 ? tree.text.length : end + 1 };
}

function cut(text: string, lines: readonly { readonly start: number; readonly end: number }[], offset: number): string {
  let rest = text;
  for (const { start, end } of [...lines].reverse()) rest = rest.slice(0, start - offset) + rest.slice(end - offset);
  return rest;
}

export function indentOf(tree: ts.SourceFile, node: ts.Node): string {
  const start = node.getStart(tree);
  const line = tree.text.slice(tree.text.lastIndexOf("\n", start - 1) + 1, start);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}
