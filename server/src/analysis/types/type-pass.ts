import { ts } from "ts-morph";
import type { Extraction, TypeSource } from "../extract/extraction.js";
import { operationNames } from "../extract/operation-names.js";
import { memberName } from "../extract/scopes.js";
import { unitsOf } from "../extract/units.js";
import { join, plain, unknown, type Value } from "../extract/values.js";
import type { Documents } from "../workspace/documents.js";
import type { Resolver } from "../workspace/resolution.js";
import { compilerHost } from "./compiler-host.js";
import { libraryFile, preludeFile } from "./library-files.js";

const cellTypes = new Set(["Register", "Counter", "ReplicatedSet", "ReplicatedMap", "Log"]);

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts"],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

/** A union of more is not looked through. */
const mostParts = 100;

interface TypePassOptions {
  readonly documents: Documents;
  readonly resolver: Resolver;
  readonly files: () => readonly string[];
  readonly extraction: () => Extraction;
}

/**
 * The type checker, for receivers that names cannot decide. Its program holds the relevant files only and shares their
 * trees; it is made when first needed after an edit, from the one before.
 */
export class TypePass implements TypeSource {
  #program: ts.Program | undefined;
  #isStale = true;
  #members: ReadonlySet<string> | undefined;

  constructor(private readonly sources: TypePassOptions) {}

  /** Something was edited: answers are asked anew. */
  forget(): void {
    this.#isStale = true;
    this.#members = undefined;
  }

  valueOf(expression: ts.Expression, member: string): Value {
    if (!this.#memberNames().has(member)) return unknown;
    const program = this.#currentProgram();
    const tree = expression.getSourceFile();
    if (program.getSourceFile(tree.fileName) !== tree) return unknown;
    return this.#expressionValue(program.getTypeChecker(), expression);
  }

  declarationsOf(expression: ts.Expression): readonly (ts.Node | string)[] {
    const program = this.#currentProgram();
    const tree = expression.getSourceFile();
    if (program.getSourceFile(tree.fileName) !== tree) return [];
    const checker = program.getTypeChecker();
    const found: (ts.Node | string)[] = [];
    const collect = (type: ts.Type): void => {
      const present = checker.getNonNullableType(type);
      if (present.getConstructSignatures().length > 0) return; // A class is not of its own type.
      for (const { name, declarations } of [present.aliasSymbol, present.getSymbol()].filter(
        (each) => each !== undefined,
      )) {
        for (const each of declarations ?? []) found.push(each.getSourceFile().fileName === preludeFile ? name : each);
      }
      if (present.isUnionOrIntersection() && present.types.length <= mostParts) present.types.forEach(collect);
    };
    const type = checker.getTypeAtLocation(expression);
    collect((type.isTypeParameter() ? checker.getBaseConstraintOfType(type) : undefined) ?? type);
    return found;
  }

  #expressionValue(checker: ts.TypeChecker, expression: ts.Expression): Value {
    const value = this.#typeValue(checker, checker.getTypeAtLocation(expression));
    if (value.kind !== "plain" || !ts.isPropertyAccessExpression(expression))
      return value.kind === "plain" ? unknown : value;
    const field = checker.getSymbolAtLocation(expression.name)?.valueDeclaration;
    const owner = this.#expressionValue(checker, expression.expression);
    if (
      field === undefined ||
      !ts.isPropertyDeclaration(field) ||
      !ts.isClassLike(field.parent) ||
      owner.kind !== "instance"
    )
      return unknown;
    return {
      kind: "cell",
      receiver: owner.of,
      declaredIn: this.sources.extraction().classId(field.parent),
      field: memberName(field) ?? "",
    };
  }

  /** Plain stands for a cell whose identity the type alone does not tell. */
  #typeValue(checker: ts.TypeChecker, type: ts.Type): Value {
    const present = checker.getNonNullableType(type);
    if (present.isUnion()) return present.types.map((each) => this.#typeValue(checker, each)).reduce(join);
    const constraint = present.isTypeParameter() ? checker.getBaseConstraintOfType(present) : present;
    const symbol = constraint?.getSymbol();
    const declaration = symbol?.declarations?.find(ts.isClassLike);
    if (symbol === undefined || declaration === undefined) return unknown;
    if (declaration.getSourceFile().fileName === preludeFile) {
      if (symbol.name === "Session") return { kind: "runtime", name: "session" };
      return cellTypes.has(symbol.name) ? plain : unknown;
    }
    const of = this.sources.extraction().classId(declaration);
    const isStatic = constraint !== undefined && constraint.getConstructSignatures().length > 0;
    return { kind: isStatic ? "class" : "instance", of };
  }

  /** Names that a call has to have to concern anything: a cell's operation, or a method of a class. */
  #memberNames(): ReadonlySet<string> {
    if (this.#members !== undefined) return this.#members;
    const names = new Set([...operationNames, "at"]);
    for (const file of this.sources.files()) {
      const tree = this.sources.documents.tree(file);
      if (tree === undefined) continue;
      for (const { node } of unitsOf(tree)) {
        const name = ts.isClassElement(node) ? memberName(node) : undefined;
        if (name !== undefined) names.add(name);
      }
    }
    this.#members = names;
    return names;
  }

  #currentProgram(): ts.Program {
    if (this.#program === undefined || this.#isStale) {
      const rootNames = [preludeFile, ...this.sources.files()];
      this.#program = ts.createProgram({
        rootNames,
        options,
        host: this.#host(),
        ...(this.#program && { oldProgram: this.#program }),
      });
      this.#isStale = false;
    }
    return this.#program;
  }

  #host(): ts.CompilerHost {
    const { documents, resolver } = this.sources;
    const getSourceFile = (file: string): ts.SourceFile | undefined => libraryFile(file) ?? documents.tree(file);
    return compilerHost({
      getSourceFile,
      resolveModuleNameLiterals: (literals, from) =>
        literals.map(({ text }) => {
          const resolution = resolver.resolve(from, text);
          if (resolution.kind === "external") return { resolvedModule: undefined };
          const resolvedFileName = resolution.kind === "runtime" ? preludeFile : resolution.file;
          const extension =
            resolution.kind === "runtime"
              ? ts.Extension.Dts
              : (/\.[cm]?tsx?$/.exec(resolvedFileName)?.[0] ?? ts.Extension.Ts);
          return { resolvedModule: { resolvedFileName, extension, isExternalLibraryImport: false } };
        }),
    });
  }
}
