import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { isFunctionNode } from "../extract/scopes.js";
import type { Site } from "../model.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import { handlerArgument } from "../view/failures/guarded.js";
import type { Handler } from "../view/failures/handlers.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { indentOf } from "./move-after.js";

/** `if (isIndeterminate(error)) throw error;` before anything else that the handler does. */
export function rethrowIndeterminate(view: View, handler: Handler): Fix | undefined {
  return rethrowFrom(view, handler.site);
}

/** The site of a `catch` clause, or of the name in `.catch(…)`. */
export function rethrowFrom(view: View, at: Site): Fix | undefined {
  const site = nodeOf(at);
  if (site === undefined) return undefined;
  const edits = new Edits(view.sources.x);
  const isWritten = ts.isCatchClause(site) ? inClause(edits, site) : inCallback(edits, site.parent.parent);
  return isWritten ? edits.toFix("Throw an `IndeterminateError` again", "suggested") : undefined;
}

function inClause(edits: Edits, clause: ts.CatchClause): boolean {
  const { variableDeclaration, block } = clause;
  if (!isWhole(clause.parent)) return false;
  const tree = clause.getSourceFile();
  const name = variableDeclaration === undefined ? "error" : nameOf(variableDeclaration.name);
  if (name === undefined) return false;
  if (variableDeclaration === undefined) edits.insert(tree, block.getStart(tree), "(error) ");
  insertFirst(edits, block, statement(edits, tree, name));
  return true;
}

function inCallback(edits: Edits, call: ts.Node): boolean {
  const handler = ts.isCallExpression(call) ? handlerArgument(call) : undefined;
  if (handler === undefined || !isFunctionNode(handler) || !isWhole(call)) return false;
  if (!ts.isArrowFunction(handler) && !ts.isFunctionExpression(handler)) return false;
  const tree = handler.getSourceFile();
  const [parameter] = handler.parameters;
  const name = parameter === undefined ? "error" : nameOf(parameter.name);
  if (name === undefined) return false;
  if (parameter === undefined) edits.insert(tree, handler.parameters.pos, "error");
  else if (ts.isArrowFunction(handler) && handler.getFirstToken(tree) === parameter) return false;
  const { body } = handler;
  const check = statement(edits, tree, name);
  if (ts.isBlock(body)) {
    insertFirst(edits, body, check);
    return true;
  }
  const indent = indentOf(tree, call);
  const isVoid = ts.isVoidExpression(body) || body.getText(tree) === "undefined";
  const value = ts.isParenthesizedExpression(body) ? body.expression.getText(tree) : body.getText(tree);
  const rest = isVoid ? "return undefined;" : `return ${value};`;
  edits.replace(body, `{\n${indent}  ${check}\n${indent}  ${rest}\n${indent}}`);
  return true;
}

function nameOf(name: ts.BindingName): string | undefined {
  return ts.isIdentifier(name) ? name.text : undefined;
}

function statement(edits: Edits, tree: ts.SourceFile, name: string): string {
  return `if (${edits.name(tree, "isIndeterminate")}(${name})) throw ${name};`;
}

function insertFirst(edits: Edits, block: ts.Block, check: string): void {
  const tree = block.getSourceFile();
  const outer = indentOf(tree, block);
  const [first] = block.statements;
  const start = block.getStart(tree) + 1;
  const text = tree.text.slice(start, block.getEnd() - 1);
  if (!text.includes("\n")) {
    const inner = text.trim() === "" ? "" : `\n${outer}  ${text.trim()}`;
    edits.splice(tree, start, block.getEnd() - 1, `\n${outer}  ${check}${inner}\n${outer}`);
    return;
  }
  const indent = first === undefined ? `${outer}  ` : indentOf(tree, first);
  edits.insert(tree, start, `\n${indent}${check}`);
}
