import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { enclosingFunction, type FunctionNode, lookUp, skipOuter, unitOf } from "../extract/scopes.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import type { FoundImpurity } from "../view/pure-functions.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { indentOf } from "./move-after.js";

/** Reads the clock, or draws the random value, once before the operation whose callback does so. */
export function hoist(view: View, { site, kind, through }: FoundImpurity): Fix | undefined {
  const node = nodeOf(site);
  if ((kind !== "time" && kind !== "randomness") || node === undefined || !isCallLike(node)) return undefined;
  const callback = outermostCallback(node);
  const statement = callback && statementAround(callback);
  if (callback === undefined || statement === undefined || !isWhole(statement.parent)) return undefined;
  if (through.length > 1 || dependsOn(node, callback)) return undefined;
  const edits = new Edits(view.sources.x);
  const tree = node.getSourceFile();
  const text = node.getText(tree);
  const name = unusedName(node, kind, text);
  edits.insert(tree, statement.getStart(tree), `const ${name} = ${text};\n${indentOf(tree, statement)}`);
  const { parent } = node;
  // `{ now: Date.now() }` needs no second name.
  if (ts.isPropertyAssignment(parent) && parent.name.getText(tree) === name) edits.replace(parent, name);
  else edits.replace(node, name);
  return edits.toFix(`Take \`${text}\` before the operation`, "suggested");
}

function isCallLike(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

/** The function that is written as an argument of the operation: it is the only one between the expression and the statement. */
function outermostCallback(node: ts.Node): FunctionNode | undefined {
  let found: FunctionNode | undefined;
  for (let around = enclosingFunction(node); around !== undefined; around = enclosingFunction(around)) {
    const { parent } = around;
    const isArgument =
      ts.isCallExpression(parent) && parent.arguments.some((each) => skipOuter(each) === (around as ts.Node));
    if (!isArgument) break;
    found = around;
    if (ts.isPropertyAccessExpression(parent.expression) && parent.expression.name.text === "update") return around;
  }
  return found;
}

/** The statement that holds the operation; not one that runs many times or is the whole of a function. */
function statementAround(callback: ts.Node): ts.Statement | undefined {
  for (let node: ts.Node = callback.parent; node.parent !== undefined; node = node.parent) {
    const { parent } = node;
    if (ts.isStatement(node) && (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent)))
      return ts.isIterationStatement(node, false) ? undefined : node;
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isIterationStatement(node, false)) return undefined;
  }
  return undefined;
}

function dependsOn(node: ts.Node, callback: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.ThisKeyword) return true;
  if (ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) {
    for (let at: ts.Node | undefined = lookUp(node.text, node); at !== undefined; at = at.parent)
      if (at === callback) return true;
  }
  return ts.forEachChild(node, (child) => dependsOn(child, callback) || undefined) ?? false;
}

function unusedName(node: ts.Node, kind: "time" | "randomness", text: string): string {
  const base = kind === "time" ? "now" : /uuid|ulid|nanoid|createId|v\d\(/i.test(text) ? "id" : "random";
  const used = new Set<string>();
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child) && !isMemberName(child)) used.add(child.text);
    ts.forEachChild(child, visit);
  };
  visit(unitOf(node));
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}${count}`;
    if (!used.has(name) && lookUp(name, node) === undefined) return name;
  }
}

/** A name after a dot or before a colon is in nobody's way. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return ts.isPropertyAssignment(parent) && parent.name === node;
}
