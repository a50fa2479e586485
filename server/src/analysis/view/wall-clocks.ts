import { ts } from "ts-morph";
import { calledIn, givenTo } from "../extract/call-nodes.js";
import { returnedExpressions } from "../extract/evaluate.js";
import type { Extraction } from "../extract/extraction.js";
import { type FunctionNode, isFunctionNode, lookUp, memberName, skipOuter } from "../extract/scopes.js";
import { resolveEntity } from "../extract/types.js";
import { ambientOf } from "../flow/ambient.js";
import { consult } from "./consulted.js";
import type { Sources } from "./view.js";

/** Values are followed so many steps; what lies behind that is not known. */
const deepest = 6;

const conversions = new Set(["getTime", "valueOf", "toISOString", "toJSON", "toString", "epochMilliseconds"]);

/** The expression gives what a clock said, here or at its origin: `Date.now()`, a variable or a parameter that holds it. */
export function isWallClock(sources: Sources, given: ts.Expression, depth = deepest): boolean {
  if (depth === 0) return false;
  consult(sources, given);
  const node = skipOuter(given);
  const { x } = sources;
  const again = (each: ts.Expression): boolean => isWallClock(sources, each, depth - 1);
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    if (ambientOf(x, node)?.kind === "time") return true;
    if (ts.isPropertyAccessExpression(node.expression) && conversions.has(node.expression.name.text))
      return again(node.expression.expression);
    const callee = x.evaluate(node.expression);
    if (
      callee.kind === "global" &&
      /^(?:Date|Number|String|Date\.parse|Math\.(?:floor|round|trunc|ceil))$/.test(callee.name)
    )
      return node.arguments?.some(again) ?? false;
    const made = callee.kind === "function" ? x.functionNode(callee.id) : undefined;
    return made !== undefined && resultsOf(made).some(again);
  }
  if (ts.isPrefixUnaryExpression(node)) return again(node.operand);
  if (ts.isBinaryExpression(node)) {
    // The difference of two times is a duration.
    const isDuration = node.operatorToken.kind === ts.SyntaxKind.MinusToken && again(node.right);
    return !isDuration && (again(node.left) || again(node.right));
  }
  if (ts.isConditionalExpression(node)) return again(node.whenTrue) || again(node.whenFalse);
  return originsOf(sources, node).some(again) || declaredAsDate(x, node);
}

/** What a function gives, as written. */
export function resultsOf(node: FunctionNode): readonly ts.Expression[] {
  if (node.body === undefined) return [];
  return ts.isBlock(node.body) ? returnedExpressions(node.body) : [node.body];
}

/** Where the value of a name comes from: its initial value, or what callers pass. */
export function originsOf({ x, usages }: Sources, node: ts.Expression): readonly ts.Expression[] {
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  if (declaration === undefined) return [];
  if (ts.isVariableDeclaration(declaration))
    return declaration.initializer === undefined ? [] : [declaration.initializer];
  if (!ts.isParameter(declaration) || !isFunctionNode(declaration.parent)) return [];
  const index = declaration.parent.parameters.indexOf(declaration);
  const passed = usages.ofFunction(x.functionId(declaration.parent)).flatMap(({ item }) => {
    // Called by name, and not by a method that it is passed to.
    const value = x.evaluate(calledIn(item.node));
    const isCalled = ts.isNewExpression(item.node) || value.kind === "function";
    const argument = isCalled ? givenTo(item.node)[index] : undefined;
    return argument === undefined || ts.isSpreadElement(argument) ? [] : [argument];
  });
  return declaration.initializer === undefined ? passed : [declaration.initializer, ...passed];
}

function declaredAsDate(x: Extraction, node: ts.Expression): boolean {
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  const type =
    declaration !== undefined && (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration))
      ? declaration.type
      : undefined;
  return type !== undefined && isDate(x, type);
}

/** `Date`, also where it may be missing. */
export function isDate(x: Extraction, node: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(node)) return node.types.some((each) => isDate(x, each));
  if (ts.isParenthesizedTypeNode(node)) return isDate(x, node.type);
  if (!ts.isTypeReferenceNode(node)) return false;
  const target = resolveEntity(x, node.typeName);
  if (target?.kind === "global") return node.typeName.getText() === "Date";
  return target?.kind === "declaration" && ts.isTypeAliasDeclaration(target.node) && isDate(x, target.node.type);
}

/** The types of a member, in every part of a union, through aliases, interfaces and collections. */
export function memberTypes(x: Extraction, node: ts.TypeNode, name: string, depth = deepest): readonly ts.TypeNode[] {
  if (depth === 0) return [];
  const again = (each: ts.TypeNode): readonly ts.TypeNode[] => memberTypes(x, each, name, depth - 1);
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node)) return again(node.type);
  if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) return node.types.flatMap(again);
  if (ts.isArrayTypeNode(node)) return again(node.elementType);
  if (ts.isTypeLiteralNode(node)) return typesIn(node.members, name, again);
  if (!ts.isTypeReferenceNode(node)) return [];
  const target = resolveEntity(x, node.typeName);
  const declaration = target?.kind === "declaration" ? target.node : undefined;
  if (declaration !== undefined && ts.isTypeAliasDeclaration(declaration)) return again(declaration.type);
  if (declaration !== undefined && ts.isInterfaceDeclaration(declaration)) {
    const bases = declaration.heritageClauses?.flatMap((clause) => clause.types) ?? [];
    return [
      ...typesIn(declaration.members, name, again),
      ...bases.flatMap(({ expression, typeArguments }) => {
        const base = ts.isIdentifier(expression) ? resolveEntity(x, expression) : undefined;
        const inherited = base?.kind === "declaration" ? base.node : undefined;
        const own = inherited !== undefined && ts.isInterfaceDeclaration(inherited) ? inherited.members : [];
        return [...typesIn(own, name, again), ...(typeArguments ?? []).flatMap(again)];
      }),
    ];
  }
  // `readonly ShelfEvent[]`, `ReadonlyArray<…>`, `Event<"sold", { at: Date }>`.
  return target?.kind === "global" || target?.kind === "runtime" ? (node.typeArguments ?? []).flatMap(again) : [];
}

function typesIn(
  members: readonly ts.TypeElement[],
  name: string,
  again: (node: ts.TypeNode) => readonly ts.TypeNode[],
): readonly ts.TypeNode[] {
  return members.flatMap((member) => {
    if (ts.isIndexSignatureDeclaration(member)) return again(member.type);
    return ts.isPropertySignature(member) && member.type !== undefined && memberName(member) === name
      ? [member.type]
      : [];
  });
}

/** What a value that is written has as this member, as far as the value is written out somewhere. */
export function memberValues(
  sources: Sources,
  given: ts.Expression,
  name: string,
  depth = deepest,
): readonly ts.Expression[] {
  if (depth === 0) return [];
  consult(sources, given);
  const node = skipOuter(given);
  const again = (each: ts.Expression): readonly ts.Expression[] => memberValues(sources, each, name, depth - 1);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((each) => {
      if (ts.isSpreadAssignment(each)) return again(each.expression);
      if (ts.isShorthandPropertyAssignment(each)) return each.name.text === name ? [each.name] : [];
      if (!ts.isPropertyAssignment(each)) return [];
      return memberName(each) === name ? [each.initializer] : nested(each.initializer).flatMap(again);
    });
  if (ts.isArrayLiteralExpression(node))
    return node.elements.flatMap((each) => again(ts.isSpreadElement(each) ? each.expression : each));
  if (ts.isConditionalExpression(node)) return [...again(node.whenTrue), ...again(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...again(node.left), ...again(node.right)];
  if (isFunctionNode(node)) return resultsOf(node).flatMap(again);
  if (ts.isCallExpression(node)) {
    const callee = sources.x.evaluate(node.expression);
    const made = callee.kind === "function" ? sources.x.functionNode(callee.id) : undefined;
    return made === undefined ? [] : resultsOf(made).flatMap(again);
  }
  return originsOf(sources, node).flatMap(again);
}

/** `{ meta: { updatedAt } }` */
function nested(node: ts.Expression): readonly ts.Expression[] {
  const inner = skipOuter(node);
  return ts.isObjectLiteralExpression(inner) || ts.isArrayLiteralExpression(inner) ? [inner] : [];
}
