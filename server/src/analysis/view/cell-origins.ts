import { ts } from "ts-morph";
import { accessOf } from "../extract/operation-names.js";
import { type Declaration, isFunctionNode, lookUp, skipOuter } from "../extract/scopes.js";
import type { Value } from "../extract/values.js";
import { consult } from "./consulted.js";
import type { Sources } from "./view.js";
import { originsOf, resultsOf } from "./wall-clocks.js";

type CellValue = Value & { readonly kind: "cell" };

const deepest = 8;

const passingOn = new Set([
  ...["slice", "filter", "sort", "toSorted", "reverse", "toReversed", "concat", "flat", "map", "flatMap", "with"],
  ...["find", "findLast", "at", "pop", "shift", "values", "entries", "toSpliced"],
]);
const handingOut = new Set([
  "forEach",
  "map",
  "flatMap",
  "filter",
  "find",
  "some",
  "every",
  "reduce",
  "sort",
  "toSorted",
]);
const wrapping = /^(?:Array\.from|Object\.(?:values|entries)|structuredClone|Promise\.all)$/;

/** The cells whose values an expression may hold: what was read of them, and parts and copies of that. */
export function cellsBehind(sources: Sources, given: ts.Expression, depth = deepest): readonly CellValue[] {
  if (depth === 0) return [];
  consult(sources, given);
  const node = skipOuter(given);
  const { x } = sources;
  const again = (each: ts.Expression): readonly CellValue[] => cellsBehind(sources, each, depth - 1);
  if (ts.isCallExpression(node)) {
    const callee = x.evaluate(node.expression);
    if (callee.kind === "operation")
      return callee.cell.kind === "cell" && accessOf(callee.name) === "read" ? [callee.cell] : [];
    if (callee.kind === "global" && wrapping.test(callee.name)) return node.arguments.flatMap(again);
    const made = callee.kind === "function" ? x.functionNode(callee.id) : undefined;
    if (made !== undefined) return resultsOf(made).flatMap(again);
    return ts.isPropertyAccessExpression(node.expression) && passingOn.has(node.expression.name.text)
      ? again(node.expression.expression)
      : [];
  }
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return again(node.expression);
  if (ts.isArrayLiteralExpression(node))
    return node.elements.flatMap((each) => (ts.isSpreadElement(each) ? again(each.expression) : again(each)));
  if (ts.isConditionalExpression(node)) return [...again(node.whenTrue), ...again(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...again(node.left), ...again(node.right)];
  if (!ts.isIdentifier(node)) return [];
  const declaration = lookUp(node.text, node);
  return declaration === undefined ? [] : cellsOfDeclaration(sources, declaration, node, depth - 1);
}

function cellsOfDeclaration(
  sources: Sources,
  declaration: Declaration,
  name: ts.Identifier,
  depth: number,
): readonly CellValue[] {
  const again = (each: ts.Expression): readonly CellValue[] => cellsBehind(sources, each, depth);
  if (ts.isBindingElement(declaration)) {
    const holder = declaration.parent.parent;
    if (ts.isVariableDeclaration(holder)) return ofVariable(holder);
    return ts.isParameter(holder) ? ofParameter(holder) : [];
  }
  if (ts.isVariableDeclaration(declaration)) return ofVariable(declaration);
  return ts.isParameter(declaration) ? [...ofParameter(declaration), ...originsOf(sources, name).flatMap(again)] : [];

  function ofVariable(node: ts.VariableDeclaration): readonly CellValue[] {
    const loop = node.parent.parent;
    if (ts.isForOfStatement(loop)) return again(loop.expression);
    return node.initializer === undefined ? [] : again(node.initializer);
  }

  /** Of a callback, what the call that it is passed to hands out. */
  function ofParameter(node: ts.ParameterDeclaration): readonly CellValue[] {
    const owner = node.parent;
    const call = isFunctionNode(owner) ? owner.parent : undefined;
    if (call === undefined || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return [];
    const callee = sources.x.evaluate(call.expression);
    if (callee.kind === "operation") return callee.cell.kind === "cell" ? [callee.cell] : [];
    return handingOut.has(call.expression.name.text) ? again(call.expression.expression) : [];
  }
}
