import { ts } from "ts-morph";
import { isAssignment, isStep } from "../../extract/assignments.js";
import { chainOf } from "../../extract/classes.js";
import type { Extraction } from "../../extract/extraction.js";
import { enclosingFunction, isFunctionNode, memberName } from "../../extract/scopes.js";
import { type Unit, unitsOf } from "../../extract/units.js";
import { remembered } from "../../remembered.js";
import { mutators } from "./builtins.js";
import type { Place } from "./places.js";

/** Names that a part of a file puts something under, and names of what it calls. */
interface Names {
  readonly members: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  readonly called: ReadonlySet<string>;
}

/**
 * Functions and other code that may put something there: in the files of the classes as which the object is seen, by name,
 * and those in them that call such functions. Elsewhere nobody looks: an editor would have to read everything again.
 */
export function writersOf(x: Extraction, place: Place): readonly ts.Node[] {
  const units = filesOf(x, place).flatMap((file) => {
    const tree = x.documents.tree(file);
    return tree === undefined ? [] : unitsOf(tree);
  });
  const direct = units.filter(({ node }) => {
    const { members, variables } = namesIn(node);
    return (place.declaredIn === undefined ? variables : members).has(place.name);
  });
  const names = new Set(direct.flatMap(({ runs }) => runs.flatMap(nameOfTaking)));
  const isCaller = ({ node }: Unit): boolean => {
    const { members, called } = namesIn(node);
    return [...names].some((name) => called.has(name) || members.has(name));
  };
  const all = names.size === 0 ? direct : units.filter((unit) => direct.includes(unit) || isCaller(unit));
  return all.flatMap(({ runs }) => runs.filter((run) => enclosingFunction(run) === undefined));
}

/** Those of which a change may change what lies there. */
export function filesOf(x: Extraction, place: Place): readonly string[] {
  const { declaredIn, seenAs, file } = place;
  if (seenAs === undefined || seenAs === declaredIn) return [file];
  const chain = chainOf(x, seenAs);
  const end = chain.findIndex(({ id }) => id === declaredIn);
  return [...new Set([file, ...chain.slice(0, end + 1).map(({ node }) => node.getSourceFile().fileName)])];
}

/** What a function that is given something is called by. */
function nameOfTaking(run: ts.Node): readonly string[] {
  if (!isFunctionNode(run) || run.parameters.length === 0) return [];
  const holder = ts.isArrowFunction(run) || ts.isFunctionExpression(run) ? run.parent : run;
  const name = ts.isConstructorDeclaration(run) ? run.parent.name?.text : memberName(holder);
  return name === undefined ? [] : [name];
}

const names = new WeakMap<ts.Node, Names>();

function namesIn(unit: ts.Node): Names {
  return remembered(names, unit, () => collect(unit));
}

function collect(unit: ts.Node): Names {
  const members = new Set<string>();
  const variables = new Set<string>();
  const called = new Set<string>();
  const assigned = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) variables.add(node.text);
    else if (ts.isPropertyAccessExpression(node)) {
      members.add(node.name.text);
      assigned(node.expression);
    } else if (ts.isElementAccessExpression(node) || ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node))
      assigned(node.expression);
    else if (ts.isBinaryExpression(node)) assigned(node.left);
    else if (ts.isPropertyAssignment(node)) assigned(node.initializer);
    else if (ts.isShorthandPropertyAssignment(node)) variables.add(node.name.text);
    else if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || ts.isSpreadElement(node))
      ts.forEachChild(node, assigned);
  };
  const call = (node: ts.CallExpression | ts.NewExpression): void => {
    const { expression } = node;
    if (ts.isIdentifier(expression)) called.add(expression.text);
    if (!ts.isPropertyAccessExpression(expression)) return;
    called.add(expression.name.text);
    if (mutators.has(expression.name.text)) assigned(expression.expression);
  };
  const visit = (node: ts.Node): void => {
    if (isAssignment(node)) assigned(node.left);
    else if (isStep(node)) assigned(node.operand);
    else if (ts.isCallExpression(node) || ts.isNewExpression(node)) call(node);
    else if (ts.isPropertyDeclaration(node)) {
      const name = node.initializer === undefined ? undefined : memberName(node);
      if (name !== undefined) members.add(name);
    } else if (ts.isParameter(node)) {
      const name = ts.isParameterPropertyDeclaration(node, node.parent) ? memberName(node) : undefined;
      if (name !== undefined) members.add(name);
    } else if (ts.isVariableDeclaration(node) || ts.isBindingElement(node)) {
      if (ts.isIdentifier(node.name) && enclosingFunction(node) === undefined) variables.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(unit);
  return { members, variables, called };
}
