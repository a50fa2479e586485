import { ts } from "ts-morph";
import type { PropertyShape, ValueShape } from "../../../../runtime/src/explore/workload/shape.js";
import { preludeFile } from "../types/library-files.js";
import type { Nearby } from "./nearby.js";
import { templateTexts } from "./templates.js";

type Impossible = Extract<ValueShape, { kind: "impossible" }>;

/** What the values of a signature may need besides types. */
export interface ValueSources {
  readonly checker: ts.TypeChecker;
  readonly nearby: Nearby;
  /** The method that is called, for what is said of it. */
  readonly method: string;
  /** Something was not found; a program that reaches further may find it. */
  missed(): void;
  /** The export by which objects of a replicated class are opened; undefined for other types. */
  handle(type: ts.Type): { readonly target: string } | { readonly why: string } | undefined;
}

const { TypeFlags } = ts;
/** How often an object may be within one of its own type. Lists and records that repeat are empty. */
const mostRepeats = 2;
const mostDepth = 12;
const mostMembers = 100;
/** Types can be as large as a generated client: beyond so many parts nobody wants values of them. */
const mostParts = 1_500;

/**
 * The values of a type. A part that cannot be made is left out where it may be (an optional property, one of several
 * members), else all of it is impossible, and says which part is to blame.
 */
export function valuesOf(type: ts.Type, path: string, sources: ValueSources): ValueShape {
  return new Reader(sources).shapeOf(type, path);
}

class Reader {
  readonly #stack: ts.Type[] = [];
  #parts = 0;
  readonly #checker: ts.TypeChecker;

  constructor(private readonly sources: ValueSources) {
    this.#checker = sources.checker;
  }

  shapeOf(type: ts.Type, path: string): ValueShape {
    if (++this.#parts > mostParts) return this.#impossible(type, path, "it has too many parts");
    return this.#primitive(type, path) ?? this.#composed(type, path);
  }

  #primitive(type: ts.Type, path: string): ValueShape | undefined {
    const { flags } = type;
    const { numbers, strings } = this.sources.nearby;
    if (flags & TypeFlags.Any) return this.#any(type, path);
    if (flags & TypeFlags.Never) return this.#impossible(type, path, "it has no values");
    // Whoever takes anything promises to cope with it.
    if (flags & TypeFlags.Unknown) return anything(strings, numbers);
    if (flags & TypeFlags.Undefined || flags & TypeFlags.Void) return { kind: "undefined" };
    if (flags & TypeFlags.Null) return { kind: "constant", value: null };
    if (flags & TypeFlags.Boolean) return { kind: "boolean" };
    if (flags & TypeFlags.BooleanLiteral)
      return { kind: "constant", value: this.#checker.typeToString(type) === "true" };
    if (flags & TypeFlags.StringLiteral || flags & TypeFlags.NumberLiteral)
      return { kind: "constant", value: (type as ts.LiteralType).value as string | number };
    if (flags & TypeFlags.BigIntLiteral) return this.#impossible(type, path, "it is one big integer");
    if (flags & TypeFlags.Union) return undefined;
    if (flags & TypeFlags.Number || flags & TypeFlags.Enum) return { kind: "number", near: numbers };
    if (flags & TypeFlags.String) return { kind: "string", near: strings };
    if (flags & TypeFlags.BigInt) return { kind: "bigint", near: numbers.filter(Number.isInteger) };
    if (flags & TypeFlags.ESSymbolLike) return this.#impossible(type, path, "symbols are no plain data");
    if (flags & TypeFlags.NonPrimitive) return { kind: "object", properties: [] };
    if (flags & TypeFlags.TemplateLiteral || flags & TypeFlags.StringMapping) return this.#texts(type, path);
    return undefined;
  }

  #any(type: ts.Type, path: string): ValueShape {
    if (!isMissing(type)) return this.#impossible(type, path, "it does not say what it holds");
    this.sources.missed();
    return this.#impossible(type, path, "what it is cannot be found");
  }

  #texts(type: ts.Type, path: string): ValueShape {
    const texts = templateTexts(type);
    return texts.length === 0
      ? this.#impossible(type, path, "its texts follow a pattern")
      : unionOf(texts.map(constant));
  }

  #composed(type: ts.Type, path: string): ValueShape {
    if (type.isUnion()) return this.#union(type, path);
    if (type.flags & (TypeFlags.TypeParameter | TypeFlags.IndexedAccess | TypeFlags.Conditional | TypeFlags.Index))
      return this.#instantiable(type, path);
    const repeats = this.#stack.filter((each) => each === type).length;
    if (repeats > 0 && this.#checker.isArrayType(type)) return { kind: "tuple", elements: [] };
    if (repeats > 0 && this.#isRecord(type)) return { kind: "object", properties: [] };
    if (repeats >= mostRepeats || this.#stack.length >= mostDepth)
      return this.#impossible(type, path, "it holds itself without an end");
    this.#stack.push(type);
    try {
      return type.isIntersection() ? this.#intersection(type, path) : this.#object(type, path);
    } finally {
      this.#stack.pop();
    }
  }

  #union(type: ts.UnionType, path: string): ValueShape {
    const shapes = withoutTwins(type.types.slice(0, mostMembers).map((each) => this.shapeOf(each, path)));
    const possible = shapes.filter((each) => each.kind !== "impossible");
    return possible.length > 0 ? unionOf(possible) : (shapes[0] ?? this.#impossible(type, path, "it has no values"));
  }

  /** Stands for any type within its bound; where there is no bound, code cannot tell what it is given. */
  #instantiable(type: ts.Type, path: string): ValueShape {
    if (type.flags & TypeFlags.Index) {
      const of = this.#checker.getBaseConstraintOfType((type as ts.IndexType).type);
      const keys = of === undefined ? [] : this.#checker.getPropertiesOfType(of).map(({ name }) => constant(name));
      if (keys.length > 0) return unionOf(keys);
    }
    const bound = this.#checker.getBaseConstraintOfType(type);
    if (bound === undefined || bound === type || bound.flags & TypeFlags.Unknown)
      return { kind: "string", near: this.sources.nearby.strings };
    return this.shapeOf(bound, path);
  }

  /** `string & { __brand: "UserId" }` is a string at run time. */
  #intersection(type: ts.IntersectionType, path: string): ValueShape {
    const handle = type.types.map((each) => this.sources.handle(each)).find((each) => each !== undefined);
    if (handle !== undefined && "target" in handle) return { kind: "handle", target: handle.target };
    const isPrimitive = (each: ts.Type): boolean =>
      (each.flags &
        (TypeFlags.StringLike |
          TypeFlags.NumberLike |
          TypeFlags.BooleanLike |
          TypeFlags.BigIntLike |
          TypeFlags.TemplateLiteral)) !==
      0;
    const primitive = type.types.find(isPrimitive);
    if (primitive !== undefined) return this.shapeOf(primitive, path);
    const collection = type.types.find((each) => this.#checker.isArrayType(each) || globalName(each) !== undefined);
    return collection === undefined ? this.#object(type, path) : this.shapeOf(collection, path);
  }

  #object(type: ts.Type, path: string): ValueShape {
    if (this.#checker.isTupleType(type)) return this.#tuple(type as ts.TupleTypeReference, path);
    if (this.#checker.isArrayType(type)) return this.#array(type as ts.TypeReference, path);
    const handle = this.sources.handle(type);
    if (handle !== undefined)
      return "target" in handle ? { kind: "handle", target: handle.target } : this.#impossible(type, path, handle.why);
    const known = this.#global(type, path);
    if (known !== undefined) return known;
    if (isRuntimeType(type)) return this.#impossible(type, path, "the runtime makes it");
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0)
      return this.#impossible(type, path, "it is a function");
    return this.#properties(type, path);
  }

  #array(type: ts.TypeReference, path: string): ValueShape {
    const [of] = this.#checker.getTypeArguments(type);
    if (of === undefined) return { kind: "tuple", elements: [] };
    const element = this.shapeOf(of, `${path}[]`);
    return element.kind === "impossible" ? element : { kind: "array", element };
  }

  /** Without what may be missing at the end if it cannot be made, and without what may be repeated. */
  #tuple(type: ts.TupleTypeReference, path: string): ValueShape {
    const elements: ValueShape[] = [];
    for (const [index, each] of this.#checker.getTypeArguments(type).entries()) {
      const flags = type.target.elementFlags[index] ?? ts.ElementFlags.Required;
      if (flags & ts.ElementFlags.Variable) continue;
      const element = this.shapeOf(each, `${path}[${index}]`);
      const isOptional = (flags & ts.ElementFlags.Optional) !== 0;
      if (isOptional && isAbsent(element)) break;
      if (element.kind === "impossible") return element;
      elements.push(isOptional ? present(element) : element);
    }
    return { kind: "tuple", elements };
  }

  #global(type: ts.Type, path: string): ValueShape | undefined {
    const name = globalName(type);
    if (name === undefined) return undefined;
    if (name === "Date") return { kind: "date" };
    const [first, second] = this.#checker.getTypeArguments(type as ts.TypeReference);
    if ((name === "Iterable" || name === "ArrayLike") && first !== undefined) {
      const element = this.shapeOf(first, `${path}[]`);
      return element.kind === "impossible" ? element : { kind: "array", element };
    }
    if ((name === "Set" || name === "ReadonlySet") && first !== undefined) {
      const element = this.shapeOf(first, `${path}[]`);
      return element.kind === "impossible" ? element : { kind: "set", element };
    }
    if ((name === "Map" || name === "ReadonlyMap") && first !== undefined && second !== undefined) {
      const key = this.shapeOf(first, `${path}.keys()`);
      const value = this.shapeOf(second, `${path}.values()`);
      return [key, value].find((each) => each.kind === "impossible") ?? { kind: "map", key, value };
    }
    return undefined;
  }

  #properties(type: ts.Type, path: string): ValueShape {
    const properties: PropertyShape[] = [];
    for (const symbol of this.#checker.getPropertiesOfType(type)) {
      const hidden = hiddenBy(symbol);
      if (hidden !== undefined) return this.#impossible(type, path, hidden);
      const isOptional = (symbol.flags & ts.SymbolFlags.Optional) !== 0;
      const values = this.shapeOf(this.#checker.getTypeOfSymbol(symbol), `${path}.${symbol.name}`);
      if (isOptional && isAbsent(values)) continue;
      if (values.kind === "impossible") {
        if (isSymbol(symbol) && !isMethod(symbol)) continue;
        return isMethod(symbol) || isForeign(symbol) ? this.#impossible(type, path, hasMethods) : values;
      }
      // Brands are symbols; nothing is there at run time.
      if (!isSymbol(symbol))
        properties.push({ name: symbol.name, values: isOptional ? present(values) : values, isOptional });
    }
    return properties.length > 0 ? { kind: "object", properties } : this.#record(type, path);
  }

  #record(type: ts.Type, path: string): ValueShape {
    const index = this.#checker.getIndexInfosOfType(type)[0];
    if (index === undefined) return { kind: "object", properties: [] };
    const value = this.shapeOf(index.type, `${path}[key]`);
    return value.kind === "impossible" ? value : { kind: "record", value };
  }

  #isRecord(type: ts.Type): boolean {
    return this.#checker.getIndexInfosOfType(type).length > 0 && this.#checker.getPropertiesOfType(type).length === 0;
  }

  #impossible(type: ts.Type, path: string, why: string): Impossible {
    const { checker, method } = this.sources;
    return { kind: "impossible", type: checker.typeToString(type), path: `${method}(${path})`, why };
  }
}

/** Nothing but leaving it out is possible. */
export const isAbsent = ({ kind }: ValueShape): boolean => kind === "impossible" || kind === "undefined";

/** Undefined is what an optional value is when it is left out. */
export function present(shape: ValueShape): ValueShape {
  return shape.kind === "union" ? unionOf(shape.members.filter(({ kind }) => kind !== "undefined")) : shape;
}

const hasMethods = "it has methods, which plain data has not";

/** Whether the checker found nothing under a name, and not whether somebody wrote `any`. */
const isMissing = (type: ts.Type): boolean =>
  (type as ts.Type & { readonly intrinsicName?: string }).intrinsicName === "error";

const anything = (strings: readonly string[], numbers: readonly number[]): ValueShape =>
  unionOf([
    { kind: "string", near: strings },
    { kind: "number", near: numbers },
  ]);

const constant = (value: string): ValueShape => ({ kind: "constant", value });

const unionOf = (members: readonly ValueShape[]): ValueShape =>
  members.length === 1 && members[0] !== undefined ? members[0] : { kind: "union", members };

/** True and false are boolean again, and what is the same at run time is there once. */
function withoutTwins(shapes: readonly ValueShape[]): readonly ValueShape[] {
  const found = new Map(shapes.map((each) => [JSON.stringify(each), each]));
  const [yes, no] = [true, false].map((value) => JSON.stringify({ kind: "constant", value }));
  if (yes === undefined || no === undefined || !found.has(yes) || !found.has(no)) return [...found.values()];
  found.delete(yes);
  found.delete(no);
  return [...found.values(), { kind: "boolean" }];
}

const isRuntimeType = (type: ts.Type): boolean =>
  type.getSymbol()?.declarations?.some((each) => each.getSourceFile().fileName === preludeFile) === true;

/** Of what the standard library declares, whichever edition of it is read. */
function globalName(type: ts.Type): string | undefined {
  const symbol = type.getSymbol();
  const isLibrary = symbol?.declarations?.some((each) => {
    const { fileName } = each.getSourceFile();
    return /\/(?:faultline-prelude\/library|typescript\/lib\/lib\.[\w.]+)\.d\.ts$/.test(fileName);
  });
  return isLibrary === true && collections.has(symbol?.name ?? "") ? symbol?.name : undefined;
}

const collections = new Set(["Date", "Set", "ReadonlySet", "Map", "ReadonlyMap", "Iterable", "ArrayLike"]);

/** Only its own constructor can make an object with such a member. */
function hiddenBy({ valueDeclaration: node }: ts.Symbol): string | undefined {
  if (node === undefined || !ts.isClassLike(node.parent)) return undefined;
  const isHidden =
    (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.NonPublicAccessibilityModifier) !== 0 ||
    (ts.isPropertyDeclaration(node) && ts.isPrivateIdentifier(node.name)) ||
    (ts.isMethodDeclaration(node) && ts.isPrivateIdentifier(node.name));
  return isHidden ? "it has private members, which only its constructor can make" : undefined;
}

const isMethod = ({ valueDeclaration: node }: ts.Symbol): boolean =>
  node !== undefined && (ts.isMethodDeclaration(node) || ts.isMethodSignature(node));

/** What an installed package declares is blamed as a whole: its parts are nobody's concern here. */
const isForeign = ({ valueDeclaration: node }: ts.Symbol): boolean => node?.getSourceFile().isDeclarationFile === true;

const isSymbol = ({ name }: ts.Symbol): boolean => name.startsWith("__@");
