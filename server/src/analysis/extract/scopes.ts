import { ts } from "ts-morph";
import { remembered } from "../remembered.js";

/** What a name may be declared by. */
export type Declaration =
  | ts.VariableDeclaration
  | ts.BindingElement
  | ts.ParameterDeclaration
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ClassLikeDeclaration
  | ts.EnumDeclaration
  | ts.ModuleDeclaration
  | ts.TypeAliasDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeParameterDeclaration
  | ts.ImportSpecifier
  | ts.ImportClause
  | ts.NamespaceImport
  | ts.ImportEqualsDeclaration;

type Locals = ReadonlyMap<string, Declaration>;

const nothing: Locals = new Map();
const scopes = new WeakMap<ts.Node, Locals>();

/** The declaration that a name means at `from`, by lexical scope. Undefined for globals and unknown names. */
export function lookUp(name: string, from: ts.Node): Declaration | undefined {
  for (let node: ts.Node | undefined = from; node !== undefined; node = node.parent) {
    const declaration = localsOf(node).get(name);
    if (declaration !== undefined) return declaration;
  }
  return undefined;
}

export function localsOf(node: ts.Node): Locals {
  if (!opensScope(node)) return nothing;
  return remembered(scopes, node, () => collect(node));
}

function opensScope(node: ts.Node): boolean {
  return (
    ts.isSourceFile(node) ||
    ts.isBlock(node) ||
    ts.isFunctionLike(node) ||
    ts.isCaseBlock(node) ||
    ts.isForStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isCatchClause(node) ||
    ts.isModuleBlock(node) ||
    ts.isClassLike(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node)
  );
}

function collect(node: ts.Node): Locals {
  const locals = new Map<string, Declaration>();
  const declare = (name: ts.Node | undefined, declaration: Declaration): void => {
    if (name !== undefined && ts.isIdentifier(name) && !locals.has(name.text)) locals.set(name.text, declaration);
  };
  const bind = (declaration: ts.VariableDeclaration | ts.BindingElement | ts.ParameterDeclaration): void => {
    if (ts.isIdentifier(declaration.name)) declare(declaration.name, declaration);
    else for (const element of declaration.name.elements) if (!ts.isOmittedExpression(element)) bind(element);
  };
  const bindList = (initializer: ts.Node | undefined): void => {
    if (initializer !== undefined && ts.isVariableDeclarationList(initializer)) initializer.declarations.forEach(bind);
  };
  const statement = (each: ts.Statement): void => {
    if (ts.isVariableStatement(each)) bindList(each.declarationList);
    else if (ts.isImportDeclaration(each)) bindImport(each, declare);
    else if (ts.isFunctionDeclaration(each)) {
      // Of overloads the one that does something.
      const known = locals.get(each.name?.text ?? "");
      if (each.body !== undefined && known !== undefined && ts.isFunctionDeclaration(known) && known.body === undefined)
        locals.delete(each.name?.text ?? "");
      declare(each.name, each);
    } else if (ts.isClassDeclaration(each) || ts.isEnumDeclaration(each) || ts.isModuleDeclaration(each))
      declare(each.name, each);
    else if (ts.isTypeAliasDeclaration(each) || ts.isInterfaceDeclaration(each) || ts.isImportEqualsDeclaration(each))
      declare(each.name, each);
  };
  if (ts.isSourceFile(node) || ts.isBlock(node) || ts.isModuleBlock(node)) node.statements.forEach(statement);
  else if (ts.isCaseBlock(node)) for (const clause of node.clauses) clause.statements.forEach(statement);
  else if (ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node))
    bindList(node.initializer);
  else if (ts.isCatchClause(node)) node.variableDeclaration && bind(node.variableDeclaration);
  else {
    if (ts.isFunctionLike(node)) node.parameters.forEach(bind);
    if (ts.isFunctionExpression(node) || ts.isClassExpression(node)) declare(node.name, node);
    for (const parameter of (node as ts.SignatureDeclaration).typeParameters ?? []) declare(parameter.name, parameter);
  }
  return locals;
}

function bindImport(
  node: ts.ImportDeclaration,
  declare: (name: ts.Node | undefined, declaration: Declaration) => void,
): void {
  const clause = node.importClause;
  if (clause === undefined) return;
  if (clause.name !== undefined) declare(clause.name, clause);
  const bindings = clause.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) declare(bindings.name, bindings);
  else for (const each of bindings.elements) declare(each.name, each);
}

export type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration;

export function isFunctionNode(node: ts.Node): node is FunctionNode {
  return (
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isGetAccessorDeclaration(node) ||
    ts.isSetAccessorDeclaration(node)
  );
}

/** The part of a file that an edit replaces as a whole: a top-level statement, or a member of a top-level class. */
export function unitOf(node: ts.Node): ts.Node {
  let unit = node;
  while (unit.parent !== undefined && !ts.isSourceFile(unit.parent)) {
    if (ts.isClassDeclaration(unit.parent) && ts.isSourceFile(unit.parent.parent) && ts.isClassElement(unit))
      return unit;
    unit = unit.parent;
  }
  return unit;
}

/** The function whose body `node` stands in, undefined at the top of a file or in a field. */
export function enclosingFunction(node: ts.Node): FunctionNode | undefined {
  for (let parent = node.parent; parent !== undefined; parent = parent.parent)
    if (isFunctionNode(parent)) return parent;
  return undefined;
}

/** Whether a node is the other one, or stands in it. */
export function isInside(node: ts.Node, outer: ts.Node): boolean {
  for (let each: ts.Node | undefined = node; each !== undefined && each.pos >= outer.pos; each = each.parent)
    if (each === outer) return true;
  return false;
}

/** Past parentheses, `as`, `!`, `satisfies` and `await`, which do not change what a value refers to. */
export function skipOuter(expression: ts.Expression): ts.Expression {
  let node = expression;
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node)
  ) {
    node = node.expression;
  }
  return node;
}

export function memberName(node: ts.Node): string | undefined {
  const { name } = node as ts.NamedDeclaration;
  if (name === undefined) return undefined;
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}
