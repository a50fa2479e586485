import { ts } from "ts-morph";
import { chainOf, classDeclarationOf, hasCells, isReplicated, madeBy } from "./runtime-symbols.js";

/** What a program has to export besides its own: objects of these classes are opened by name. Text to append, by file. */
export type Additions = ReadonlyMap<string, string>;

type Handle = { readonly target: string } | { readonly why: string };

/** By which exports of a program the objects of replicated classes are opened. */
export class Handles {
  readonly #additions = new Map<string, string[]>();
  readonly #targets = new Set<string>();
  readonly #known = new Map<ts.ClassLikeDeclaration, Handle>();

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly tree: ts.SourceFile,
  ) {}

  get additions(): Additions {
    return new Map([...this.#additions].map(([file, lines]) => [file, `\n${lines.join("\n")}\n`]));
  }

  /** Undefined for what is no replicated class. `own`: the workload's class, whose objects do for its bases too. */
  of(type: ts.Type, own: { readonly type: ts.Type; readonly target: string }): Handle | undefined {
    const declaration = classDeclarationOf(type);
    if (declaration === undefined) return undefined;
    if (!isReplicated(this.checker, type))
      return hasCells(this.checker, type) ? { why: "its class has no @Replicated()" } : undefined;
    const chain = chainOf(this.checker, own.type);
    if (chain.at(-1) === declaration || (isAbstract(declaration) && chain.includes(declaration)))
      return { target: own.target };
    let handle = this.#known.get(declaration);
    if (handle === undefined) {
      handle = this.#find(declaration);
      this.#known.set(declaration, handle);
    }
    return handle;
  }

  #find(declaration: ts.ClassLikeDeclaration): Handle {
    const own = exportOf(this.checker, this.tree, declaration);
    if (own !== undefined) return { target: own };
    if (isAbstract(declaration)) return { why: "it is abstract, so that none can be opened" };
    const home = declaration.getSourceFile();
    if (home.isDeclarationFile) return { why: "its class is in an installed package" };
    const exported = home === this.tree ? undefined : exportOf(this.checker, home, declaration);
    const local = declaration.name?.text;
    if (exported === undefined && (local === undefined || !ts.isSourceFile(declaration.parent)))
      return { why: "its class is not at the top level of a file" };
    const target = this.#free(local ?? "Other", exported === undefined ? [this.tree, home] : [this.tree]);
    if (exported === undefined) this.#add(home.fileName, `export { ${renamed(local ?? "", target)} };`);
    if (home !== this.tree)
      this.#add(
        this.tree.fileName,
        `export { ${renamed(exported ?? target, target)} } from ${JSON.stringify(home.fileName)};`,
      );
    return { target };
  }

  /** Pictures name objects after it. */
  #free(name: string, files: readonly ts.SourceFile[]): string {
    const taken = new Set([
      ...files.flatMap((file) => exportsOf(this.checker, file).map((each) => each.name)),
      ...this.#targets,
    ]);
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}${count}`;
    this.#targets.add(free);
    return free;
  }

  #add(file: string, line: string): void {
    this.#additions.set(file, [...(this.#additions.get(file) ?? []), line]);
  }
}

const renamed = (from: string, to: string): string => (from === to ? to : `${from} as ${to}`);

/** An export of a file that opens objects of a class: `replicated(Class, …)` if there is one, else the class. */
function exportOf(
  checker: ts.TypeChecker,
  tree: ts.SourceFile,
  declaration: ts.ClassLikeDeclaration,
): string | undefined {
  let found: string | undefined;
  for (const each of exportsOf(checker, tree)) {
    const type = openedType(checker, each);
    if (type === undefined || classDeclarationOf(type.objects) !== declaration) continue;
    if (type.isMade) return each.name;
    if (!isAbstract(declaration)) found ??= each.name;
  }
  return found;
}

/** Those that are there at run time. */
export function exportsOf(checker: ts.TypeChecker, tree: ts.SourceFile): readonly ts.Symbol[] {
  const module = checker.getSymbolAtLocation(tree);
  return module === undefined ? [] : checker.getExportsOfModule(module).filter((each) => !isTypeOnly(each));
}

const isTypeOnly = ({ declarations = [] }: ts.Symbol): boolean =>
  declarations.some((each) => ts.isExportSpecifier(each) && (each.isTypeOnly || each.parent.parent.isTypeOnly));

export interface OpenedType {
  readonly objects: ts.Type;
  /** By `replicated(…)`. */
  readonly isMade: boolean;
}

/** What `open` makes of an export: objects of a class. */
export function openedType(checker: ts.TypeChecker, exported: ts.Symbol): OpenedType | undefined {
  const symbol = (exported.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(exported) : exported;
  const { valueDeclaration } = symbol;
  if (valueDeclaration === undefined) return undefined;
  if (symbol.flags & ts.SymbolFlags.Class) return { objects: checker.getDeclaredTypeOfSymbol(symbol), isMade: false };
  if (!ts.isVariableDeclaration(valueDeclaration) && !ts.isExportAssignment(valueDeclaration)) return undefined;
  const type = checker.getTypeOfSymbol(symbol);
  const made = madeBy(checker, type);
  if (made !== undefined) return { objects: made, isMade: true };
  // `export const Account = class { … }`
  const objects = type.getConstructSignatures()[0]?.getReturnType();
  return objects !== undefined && classDeclarationOf(objects) !== undefined ? { objects, isMade: false } : undefined;
}

export function isAbstract(declaration: ts.ClassLikeDeclaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Abstract) !== 0;
}
