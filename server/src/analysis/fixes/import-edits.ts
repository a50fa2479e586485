import { createWrappedNode, type ImportDeclaration, ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { resolveExport, resolveImport } from "../extract/names.js";
import { localsOf, lookUp } from "../extract/scopes.js";
import { partsOf, skeletonOf } from "../extract/skeleton.js";
import { runtimePackage } from "../workspace/resolution.js";
import type { Replacement } from "./edits.js";

/** Exports that fixes write and that are not of the main entry. */
const entries: ReadonlyMap<string, string> = new Map([
  ["Command", "cqrs"],
  ["Query", "cqrs"],
]);

const entryOf = (runtimeName: string): string => entries.get(runtimeName) ?? "";

interface Addition {
  readonly runtimeName: string;
  readonly local: string;
  readonly isType: boolean;
}

/** Adds the imports that new text needs and drops those that only removed text needed, as the file writes its imports. */
export class ImportEdits {
  readonly #additions: Addition[] = [];

  constructor(
    private readonly x: Extraction,
    private readonly tree: ts.SourceFile,
  ) {}

  /** `like` is what the new name stands in for: where that is written `fl.Linearizable`, so is this. */
  use(runtimeName: string, { like, isType = false }: { readonly like?: ts.Node; readonly isType?: boolean }): string {
    const known =
      this.#additions.find((each) => each.runtimeName === runtimeName)?.local ?? this.#imported(runtimeName, isType);
    const namespace = this.#namespace(entryOf(runtimeName));
    const likeNamespace =
      like !== undefined && namespace !== undefined && like.getText(this.tree).startsWith(`${namespace}.`);
    if (known !== undefined && !likeNamespace) return known;
    if (namespace !== undefined && (likeNamespace || this.#importOfRuntime(runtimeName) === undefined))
      return `${namespace}.${runtimeName}`;
    const local = localsOf(this.tree).has(runtimeName)
      ? `Faultline${runtimeName.charAt(0).toUpperCase()}${runtimeName.slice(1)}`
      : runtimeName;
    this.#additions.push({ runtimeName, local, isType });
    return local;
  }

  settle(replacements: readonly Replacement[]): readonly Replacement[] {
    const removed = this.#unusedAfter(replacements);
    const targets = new Map(this.#additions.map((each) => [each, this.#importOfRuntime(each.runtimeName)]));
    const edits: Replacement[] = [];
    for (const statement of this.tree.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const bindings = statement.importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      const gone = bindings.elements.filter((each) => removed.has(each));
      const added = this.#additions.filter((each) => targets.get(each) === statement);
      if (gone.length > 0 || added.length > 0) edits.push(this.#rewrite(statement, bindings, gone, added));
    }
    const homeless = this.#additions.filter((each) => targets.get(each) === undefined);
    for (const entry of new Set(homeless.map(({ runtimeName }) => entryOf(runtimeName)))) {
      edits.push(
        this.#newImport(
          entry,
          homeless.filter(({ runtimeName }) => entryOf(runtimeName) === entry),
        ),
      );
    }
    return edits;
  }

  /** The local name of an export of the runtime, wherever the file gets it from. */
  #imported(runtimeName: string, isType: boolean): string | undefined {
    for (const [local, { specifier, name }] of skeletonOf(this.tree).imports) {
      if (name === "*") continue;
      const target = resolveImport(this.x, this.tree.fileName, specifier, name, new Set());
      if (target.kind === "runtime" && target.name === runtimeName && (isType || !this.#isTypeOnly(local)))
        return local;
    }
    return undefined;
  }

  #isTypeOnly(local: string): boolean {
    const declaration = localsOf(this.tree).get(local);
    if (declaration === undefined || !ts.isImportSpecifier(declaration)) return false;
    return declaration.isTypeOnly || declaration.parent.parent.isTypeOnly;
  }

  #namespace(entry: string): string | undefined {
    for (const [local, { specifier, name }] of skeletonOf(this.tree).imports) {
      if (name !== "*") continue;
      const resolution = this.x.resolver.resolve(this.tree.fileName, specifier);
      if (resolution.kind === "runtime" && resolution.entry !== entry) continue;
      const target = resolveImport(this.x, this.tree.fileName, specifier, name, new Set());
      if (target.kind === "runtime" && target.name === "*") return local;
    }
    return undefined;
  }

  /** A declaration with named imports that can also bring this name: from the runtime itself, or a barrel that has it. */
  #importOfRuntime(runtimeName: string): ts.ImportDeclaration | undefined {
    let barrel: ts.ImportDeclaration | undefined;
    for (const statement of this.tree.statements) {
      if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
      const clause = statement.importClause;
      if (
        clause === undefined ||
        clause.isTypeOnly ||
        clause.namedBindings === undefined ||
        !ts.isNamedImports(clause.namedBindings)
      )
        continue;
      const resolution = this.x.resolver.resolve(this.tree.fileName, statement.moduleSpecifier.text);
      if (resolution.kind === "runtime" && resolution.entry === entryOf(runtimeName)) return statement;
      if (resolution.kind !== "file") continue;
      const target = resolveExport(this.x, resolution.file, runtimeName);
      if (target?.kind === "runtime" && target.name === runtimeName) barrel ??= statement;
    }
    return barrel;
  }

  #unusedAfter(replacements: readonly Replacement[]): ReadonlySet<ts.ImportSpecifier> {
    const isRemoved = (node: ts.Node): boolean =>
      replacements.some(({ start, end }) => node.getStart(this.tree) >= start && node.getEnd() <= end);
    const removed = new Set<ts.ImportSpecifier>();
    const used = new Set(this.#additions.map((each) => each.local));
    const visit = (node: ts.Node): void => {
      const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
      if (declaration !== undefined && ts.isImportSpecifier(declaration)) {
        if (isRemoved(node)) removed.add(declaration);
        else used.add(declaration.name.text);
      }
      ts.forEachChild(node, visit);
    };
    // Names in the parts that stay as they are were collected before; only the changed parts are walked.
    const isTouched = (node: ts.Node): boolean =>
      replacements.some(({ start, end }) => end > node.pos && start < node.end);
    const parts = partsOf(this.tree);
    for (const { node } of parts) if (isTouched(node)) visit(node);
    const isUsed = ({ name: { text } }: ts.ImportSpecifier): boolean =>
      used.has(text) ||
      parts.some(({ node, mentions }) => mentions.has(text) && !isTouched(node)) ||
      replacements.some((each) => new RegExp(`(?<![\\w$])${text}(?![\\w$])`).test(each.text));
    return new Set([...removed].filter((each) => !isUsed(each)));
  }

  #rewrite(
    statement: ts.ImportDeclaration,
    bindings: ts.NamedImports,
    gone: readonly ts.ImportSpecifier[],
    added: readonly Addition[],
  ): Replacement {
    const wrapped: ImportDeclaration = createWrappedNode(statement, { sourceFile: this.tree });
    const kept = bindings.elements.filter((each) => !gone.includes(each)).map((each) => each.getText(this.tree));
    const names = kept.concat(added.map(specifierText));
    if (names.length === 0 && wrapped.getDefaultImport() === undefined) return this.#wholeLine(statement);
    const order = orderOf(bindings.elements.map((each) => each.getText(this.tree)));
    if (order !== undefined) names.sort(order);
    const start = bindings.getStart(this.tree);
    const text = bindings.getText(this.tree);
    const line = /\n([ \t]*)\S/.exec(text);
    const trailing = /,\s*}$/.test(text) ? "," : "";
    const list =
      line === null ? `{ ${names.join(", ")} }` : `{\n${names.map((name) => line[1] + name).join(",\n")}${trailing}\n}`;
    return { start, end: bindings.getEnd(), text: names.length === 0 ? "{}" : list };
  }

  #wholeLine(statement: ts.Statement): Replacement {
    const { text } = this.tree;
    const end = text.indexOf("\n", statement.getEnd());
    return { start: statement.getStart(this.tree), end: end < 0 ? text.length : end + 1, text: "" };
  }

  #newImport(entry: string, additions: readonly Addition[]): Replacement {
    const from = entry === "" ? runtimePackage : `${runtimePackage}/${entry}`;
    const line = `import { ${additions.map(specifierText).sort(orders[0]).join(", ")} } from "${from}";\n`;
    const last = this.tree.statements.findLast(ts.isImportDeclaration);
    if (last !== undefined) {
      const end = this.tree.text.indexOf("\n", last.getEnd());
      return end < 0
        ? { start: last.getEnd(), end: last.getEnd(), text: `\n${line}` }
        : { start: end + 1, end: end + 1, text: line };
    }
    const first = this.tree.statements[0]?.getStart(this.tree) ?? 0;
    return { start: first, end: first, text: `${line}\n` };
  }
}

function specifierText({ runtimeName, local, isType }: Addition): string {
  return `${isType ? "type " : ""}${local === runtimeName ? local : `${runtimeName} as ${local}`}`;
}

/** The ways in which people sort names: whatever the case, or capitals first. */
const orders: readonly ((a: string, b: string) => number)[] = [
  (a, b) => compare(bare(a).toLowerCase(), bare(b).toLowerCase()),
  (a, b) => compare(bare(a), bare(b)),
];

/** The order that a list is in, if it is in one. */
function orderOf(names: readonly string[]): ((a: string, b: string) => number) | undefined {
  return orders.find((order) => names.every((name, index) => index === 0 || order(names[index - 1] ?? "", name) <= 0));
}

function bare(name: string): string {
  return name.replace(/^type /, "");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
