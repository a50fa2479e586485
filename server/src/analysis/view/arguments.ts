import { ts } from "ts-morph";
import { isAssignment } from "../extract/assignments.js";
import { type CallNode, givenTo } from "../extract/call-nodes.js";
import { enclosingFunction, isFunctionNode, lookUp } from "../extract/scopes.js";
import { contains } from "./succession.js";

/** What a call is given comes from another call of the same function: directly, by a variable, or by `then`. */
export function passesOn(from: CallNode, to: CallNode): boolean {
  return givenTo(to).some(
    (each) => contains(each, from) || [...sourcesOf(each)].some((source) => contains(source, from)),
  );
}

/** The names of what varies among the arguments: variables and parameters, and through constants what they are made of. */
export function variablesIn(given: readonly ts.Expression[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const argument of given) {
    for (const node of [argument, ...sourcesOf(argument)]) {
      for (const { text } of identifiersIn(node)) names.add(text);
    }
  }
  return names;
}

/** The expressions that give the variables of an expression their values, through any number of them. */
function sourcesOf(expression: ts.Node): ReadonlySet<ts.Node> {
  const sources = new Set<ts.Node>();
  const pending = [expression];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const identifier of identifiersIn(node)) {
      for (const source of assignedTo(identifier)) {
        if (sources.has(source)) continue;
        sources.add(source);
        pending.push(source);
      }
    }
  }
  return sources;
}

function assignedTo(name: ts.Identifier): readonly ts.Node[] {
  let declaration: ts.Node | undefined = lookUp(name.text, name);
  while (declaration !== undefined && (ts.isBindingElement(declaration) || ts.isBindingName(declaration)))
    declaration = declaration.parent;
  if (declaration === undefined) return [];
  if (ts.isParameter(declaration)) return passedBy(declaration);
  if (!ts.isVariableDeclaration(declaration)) return [];
  const list = declaration.parent;
  if (ts.isForOfStatement(list.parent)) return [list.parent.expression];
  const initial = declaration.initializer === undefined ? [] : [declaration.initializer];
  const isConstant = ts.isVariableDeclarationList(list) && (list.flags & ts.NodeFlags.Const) !== 0;
  return isConstant ? initial : [...initial, ...assignments(declaration, name.text)];
}

/** `find(id).then((row) => …)`, `rows.map((row) => …)`: what the callback is called on. */
function passedBy({ parent: callback }: ts.ParameterDeclaration): readonly ts.Node[] {
  const call = callback.parent;
  if (!isFunctionNode(callback) || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression))
    return [];
  return [call.expression.expression];
}

function assignments(declaration: ts.VariableDeclaration, name: string): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (isAssignment(node) && ts.isIdentifier(node.left) && node.left.text === name) {
      if (lookUp(name, node.left) === declaration) found.push(node.right);
    }
    ts.forEachChild(node, visit);
  };
  const around = enclosingFunction(declaration);
  if (around?.body !== undefined) visit(around.body);
  return found;
}

/** Names that stand for values: no members, no names of callees' methods, nothing global. */
function identifiersIn(node: ts.Node): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isIdentifier(each)) {
      if (lookUp(each.text, each) !== undefined && isValue(each)) found.push(each);
    } else if (!ts.isTypeNode(each)) ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}

function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression !== node;
  if (ts.isTaggedTemplateExpression(parent)) return parent.tag !== node;
  return !ts.isParameter(parent) && !ts.isVariableDeclaration(parent) && !ts.isBindingElement(parent);
}
