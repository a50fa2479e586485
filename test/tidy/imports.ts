import { posix } from "node:path";
import { ts } from "ts-morph";
import { positionOf, type SourceFile } from "./source-files.js";

export interface Import {
  readonly position: string;
  /** As written. */
  readonly specifier: string;
  /** For a relative specifier: the file it names, relative to the repository and ending in `.ts`. */
  readonly target: string | undefined;
  /** Erased by the compiler, so that nothing is loaded. */
  readonly isTypeOnly: boolean;
}

/** Static and dynamic imports, re-exports, `require` and `import("…")` types of one file. */
export function importsOf(file: SourceFile): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, isTypeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const { text } = specifier;
    const target = text.startsWith(".")
      ? posix.join(posix.dirname(file.path), text).replace(/\.(m|c)?js$/, ".$1ts")
      : undefined;
    found.push({ position: positionOf(file, specifier), specifier: text, target, isTypeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isErased(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isExternalModuleReference(node)) add(node.expression, false);
    else if (ts.isCallExpression(node) && isLoader(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
  return found;
}

/** `import type`, or nothing but `type` names between the braces. */
function isErased(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

function isLoader(expression: ts.Expression): boolean {
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === "require")
  );
}
