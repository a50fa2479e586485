import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import { type Declaration, localsOf, lookUp, skipOuter } from "./scopes.js";
import { importedBy, isImport, skeletonOf } from "./skeleton.js";

/** What another package, or the platform, calls something, however it got here. */
export interface Origin {
  /** Without `node:`; empty for globals. */
  readonly module: string;
  /** `default` for the module as a whole; `Stripe.charges.create` of what `new Stripe()` or a factory gives. */
  readonly name: string;
}

/** Assignments, members, barrels: further than this nobody follows them by eye either. */
const mostSteps = 8;

/** Where the value of an expression comes from, when that is outside the project. */
export function originOf(x: Extraction, given: ts.Expression, depth = 0): Origin | undefined {
  if (depth > mostSteps) return undefined;
  const node = skipOuter(given);
  if (ts.isPropertyAccessExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.ThisKeyword) return originOfField(x, node, depth);
    return memberOf(originOf(x, node.expression, depth), node.name.text);
  }
  if (ts.isCallExpression(node)) {
    const [specifier] = node.arguments;
    const isLoaded = ts.isIdentifier(node.expression) && node.expression.text === "require";
    const isImported = node.expression.kind === ts.SyntaxKind.ImportKeyword;
    if ((isLoaded || isImported) && specifier !== undefined && ts.isStringLiteralLike(specifier))
      return x.resolver.resolve(node.getSourceFile().fileName, specifier.text).kind === "external"
        ? whole(specifier.text)
        : undefined;
    return originOf(x, node.expression, depth + 1); // `axios.create()`, `producer()`
  }
  if (ts.isNewExpression(node)) return originOf(x, node.expression, depth + 1);
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = lookUp(node.text, node);
  if (declaration === undefined) return { module: "", name: node.text };
  return originOfDeclaration(x, declaration, depth + 1);
}

function originOfDeclaration(x: Extraction, node: Declaration, depth: number): Origin | undefined {
  if (isImport(node)) {
    const imported = importedBy(node);
    return imported && originOfExport(x, node.getSourceFile().fileName, imported.specifier, imported.name, depth);
  }
  if (ts.isParameter(node)) return node.type && originOfType(x, node.type, depth);
  if (ts.isBindingElement(node)) {
    const holder = node.parent.parent;
    const name = node.propertyName ?? node.name;
    if (!ts.isVariableDeclaration(holder) || !ts.isIdentifier(name)) return undefined;
    return memberOf(originOfDeclaration(x, holder, depth + 1), name.text);
  }
  if (!ts.isVariableDeclaration(node)) return undefined;
  const declared = node.type && originOfType(x, node.type, depth);
  return declared ?? (node.initializer && originOf(x, node.initializer, depth + 1));
}

/** Through barrels of the project to the package that they take it from. */
function originOfExport(
  x: Extraction,
  from: string,
  specifier: string,
  name: string,
  depth: number,
): Origin | undefined {
  if (depth > mostSteps) return undefined;
  const resolution = x.resolver.resolve(from, specifier);
  if (resolution.kind === "runtime") return undefined;
  if (resolution.kind === "external")
    return specifier.startsWith(".")
      ? undefined
      : name === "*" || name === "default"
        ? whole(specifier)
        : memberOf(whole(specifier), name);
  const tree = x.documents.tree(resolution.file);
  const exported = tree && skeletonOf(tree).exports.get(name);
  if (tree === undefined || exported === undefined) return undefined;
  if (!("local" in exported)) return originOfExport(x, resolution.file, exported.specifier, exported.name, depth + 1);
  const declaration = localsOf(tree).get(exported.local);
  return declaration && originOfDeclaration(x, declaration, depth + 1);
}

/** A value of a type that a package declares: `private readonly mailer: Transporter`. */
export function originOfType(x: Extraction, node: ts.TypeNode, depth = 0): Origin | undefined {
  if (!ts.isTypeReferenceNode(node)) return undefined;
  const { typeName } = node;
  const first = ts.isIdentifier(typeName) ? typeName : typeName.left;
  if (!ts.isIdentifier(first)) return undefined;
  const declaration = lookUp(first.text, node);
  if (declaration === undefined || !isImport(declaration)) return undefined;
  const origin = originOfDeclaration(x, declaration, depth + 1);
  return ts.isIdentifier(typeName) ? origin : memberOf(origin, typeName.right.text);
}

/** `this.mailer`: by the field's type, else by what it is set to; constructor parameters are fields too. */
function originOfField(x: Extraction, node: ts.PropertyAccessExpression, depth: number): Origin | undefined {
  const field = fieldOf(node, node.name.text);
  if (field === undefined) return undefined;
  const declared = field.type && originOfType(x, field.type, depth);
  if (declared !== undefined) return declared;
  return field.initializer && originOf(x, field.initializer, depth + 1);
}

/** The field, or the constructor parameter that is one, of the class around `node`. */
export function fieldOf(node: ts.Node, name: string): ts.PropertyDeclaration | ts.ParameterDeclaration | undefined {
  let around: ts.Node | undefined = node;
  while (around !== undefined && !ts.isClassLike(around)) around = around.parent;
  for (const member of around?.members ?? []) {
    if (ts.isPropertyDeclaration(member) && member.name.getText() === name) return member;
    if (!ts.isConstructorDeclaration(member)) continue;
    for (const parameter of member.parameters) {
      if (ts.isParameterPropertyDeclaration(parameter, member) && parameter.name.getText() === name) return parameter;
    }
  }
  return undefined;
}

/** A module as a whole, which is its default export as well: `fs`, `axios`. */
export function whole(specifier: string): Origin {
  return { module: specifier.replace(/^node:/, ""), name: "default" };
}

export function memberOf(from: Origin | undefined, name: string): Origin | undefined {
  if (from === undefined) return undefined;
  return { module: from.module, name: from.name === "default" ? name : `${from.name}.${name}` };
}
