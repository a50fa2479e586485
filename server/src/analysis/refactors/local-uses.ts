import { ts } from "ts-morph";
import { isFunctionNode, lookUp } from "../extract/scopes.js";

/** Where a variable is named after it is declared. */
export function usesOfVariable(declaration: ts.VariableDeclaration): readonly ts.Identifier[] {
  const { name } = declaration;
  const uses: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    const isName = ts.isIdentifier(name) && ts.isIdentifier(node) && node.text === name.text && node !== name;
    const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if (isName && !isMember && lookUp(name.text, node) === declaration) uses.push(node);
    ts.forEachChild(node, visit);
  };
  let around: ts.Node = declaration;
  while (!isFunctionNode(around) && !ts.isSourceFile(around)) around = around.parent;
  ts.forEachChild(around, visit);
  return uses;
}
