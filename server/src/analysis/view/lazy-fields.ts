import { ts } from "ts-morph";
import { fieldOf } from "../extract/origins.js";
import { lookUp, skipOuter } from "../extract/scopes.js";

/**
 * Whether a place is filled when something is first needed: a map in memory, a field that is undefined until then. That
 * something is there says that somebody has looked before, and nothing of what was found.
 */
export function isFilledLazily(kept: ts.Node): boolean {
  const { parent } = kept;
  const isPart = (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && !isName(kept);
  if (isPart) return true;
  const declaration = declarationOf(kept);
  if (declaration === undefined) return false;
  const { initializer } = declaration;
  if (initializer !== undefined) return isNothing(skipOuter(initializer));
  return !ts.isParameter(declaration);
}

function isName(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}

function declarationOf(
  node: ts.Node,
): ts.PropertyDeclaration | ts.ParameterDeclaration | ts.VariableDeclaration | undefined {
  if (ts.isPropertyAccessExpression(node)) return fieldOf(node, node.name.text);
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  return declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration : undefined;
}

function isNothing(node: ts.Expression): boolean {
  return node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === "undefined");
}
