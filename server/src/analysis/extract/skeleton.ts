import { ts } from "ts-morph";
import { remembered } from "../remembered.js";

/** What a file imports, exports and declares at its top, by name: all that relevance and name resolution ask of it. */
export interface Skeleton {
  /** By local name. */
  readonly imports: ReadonlyMap<string, ImportedName>;
  /** By exported name: a local name, or a name of another module. */
  readonly exports: ReadonlyMap<string, ExportedName>;
  /** Specifiers of `export * from "…"`. */
  readonly stars: readonly string[];
  readonly statements: readonly StatementNames[];
}

export interface ImportedName {
  readonly specifier: string;
  /** `*` for a namespace. */
  readonly name: string;
}

export type ExportedName = { readonly local: string } | ImportedName;

export interface StatementNames {
  readonly declares: readonly string[];
  /** Every identifier in it, as one set for each part that an edit replaces as a whole. */
  readonly mentions: readonly ReadonlySet<string>[];
}

const skeletons = new WeakMap<ts.SourceFile, Skeleton>();

export function skeletonOf(tree: ts.SourceFile): Skeleton {
  return remembered(skeletons, tree, () => build(tree));
}

type ImportDeclarator = ts.ImportSpecifier | ts.ImportClause | ts.NamespaceImport | ts.ImportEqualsDeclaration;

/** Whether a name is declared by an import. */
export const isImport = (node: ts.Node): node is ImportDeclarator =>
  ts.isImportSpecifier(node) ||
  ts.isImportClause(node) ||
  ts.isNamespaceImport(node) ||
  ts.isImportEqualsDeclaration(node);

/** What it imports; undefined where the syntax is broken. */
export function importedBy(node: ImportDeclarator): ImportedName | undefined {
  return node.name === undefined ? undefined : skeletonOf(node.getSourceFile()).imports.get(node.name.text);
}

function build(tree: ts.SourceFile): Skeleton {
  const imports = new Map<string, ImportedName>();
  const exports = new Map<string, ExportedName>();
  const stars: string[] = [];
  const statements: StatementNames[] = [];
  for (const statement of tree.statements) {
    if (ts.isImportDeclaration(statement)) readImport(statement, imports);
    else if (ts.isImportEqualsDeclaration(statement)) readImportEquals(statement, imports);
    else if (ts.isExportDeclaration(statement)) readExport(statement, exports, stars);
    else if (ts.isExportAssignment(statement)) {
      const local = ts.isIdentifier(statement.expression) ? statement.expression.text : "default";
      exports.set("default", { local });
      if (local === "default") statements.push({ declares: ["default"], mentions: mentionsOf(statement) });
    } else {
      const declares = declaredNames(statement);
      statements.push({ declares, mentions: mentionsOf(statement) });
      if (hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
        const isDefault = hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
        for (const local of declares) exports.set(isDefault ? "default" : local, { local });
      }
    }
  }
  return { imports, exports, stars, statements };
}

function readImport(statement: ts.ImportDeclaration, imports: Map<string, ImportedName>): void {
  const specifier = textOf(statement.moduleSpecifier);
  const clause = statement.importClause;
  if (specifier === undefined || clause === undefined) return;
  if (clause.name !== undefined) imports.set(clause.name.text, { specifier, name: "default" });
  const bindings = clause.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) imports.set(bindings.name.text, { specifier, name: "*" });
  else
    for (const each of bindings.elements)
      imports.set(each.name.text, { specifier, name: (each.propertyName ?? each.name).text });
}

function readImportEquals(statement: ts.ImportEqualsDeclaration, imports: Map<string, ImportedName>): void {
  const reference = statement.moduleReference;
  const specifier = ts.isExternalModuleReference(reference) ? textOf(reference.expression) : undefined;
  if (specifier !== undefined) imports.set(statement.name.text, { specifier, name: "*" });
}

function readExport(statement: ts.ExportDeclaration, exports: Map<string, ExportedName>, stars: string[]): void {
  const specifier = statement.moduleSpecifier && textOf(statement.moduleSpecifier);
  const clause = statement.exportClause;
  if (clause === undefined) {
    if (specifier !== undefined) stars.push(specifier);
  } else if (ts.isNamespaceExport(clause)) {
    if (specifier !== undefined) exports.set(clause.name.text, { specifier, name: "*" });
  } else {
    for (const each of clause.elements) {
      const name = (each.propertyName ?? each.name).text;
      exports.set(each.name.text, specifier === undefined ? { local: name } : { specifier, name });
    }
  }
}

function textOf(node: ts.Expression): string | undefined {
  return ts.isStringLiteralLike(node) ? node.text : undefined;
}

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (node.modifiers?.some((modifier) => modifier.kind === kind) ?? false);
}

function declaredNames(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap((each) => bindingNames(each.name));
  const named = statement as ts.Statement & { readonly name?: ts.Node };
  if (named.name !== undefined && ts.isIdentifier(named.name)) return [named.name.text];
  return hasModifier(statement, ts.SyntaxKind.DefaultKeyword) ? ["default"] : [];
}

function bindingNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((each) => (ts.isOmittedExpression(each) ? [] : bindingNames(each.name)));
}

const mentioned = new WeakMap<ts.Node, ReadonlySet<string>>();

function mentionsOf(statement: ts.Statement): readonly ReadonlySet<string>[] {
  return partsOfStatement(statement).map(identifiersIn);
}

/** The parts of a file that an edit replaces as a whole, imports aside, with the identifiers in each. */
export function partsOf(
  tree: ts.SourceFile,
): readonly { readonly node: ts.Node; readonly mentions: ReadonlySet<string> }[] {
  return tree.statements
    .filter((statement) => !ts.isImportDeclaration(statement))
    .flatMap(partsOfStatement)
    .map((node) => ({ node, mentions: identifiersIn(node) }));
}

function partsOfStatement(statement: ts.Statement): readonly ts.Node[] {
  if (!ts.isClassDeclaration(statement)) return [statement];
  return [...(statement.modifiers ?? []), ...(statement.heritageClauses ?? []), ...statement.members];
}

function identifiersIn(node: ts.Node): ReadonlySet<string> {
  let names = mentioned.get(node);
  if (names !== undefined) return names;
  const found = new Set<string>();
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child)) found.add(child.text);
    ts.forEachChild(child, visit);
  };
  visit(node);
  names = found;
  mentioned.set(node, names);
  return names;
}
