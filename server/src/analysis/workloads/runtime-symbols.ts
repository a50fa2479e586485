import { ts } from "ts-morph";
import { preludeFile } from "../types/library-files.js";

const cellTypes = new Set(["Register", "Counter", "ReplicatedSet", "ReplicatedMap", "Log"]);

/** What a name stands for, behind imports and re-exports. */
export function symbolOf(checker: ts.TypeChecker, node: ts.Node): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(node);
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}

const isOfRuntime = (symbol: ts.Symbol | undefined): boolean =>
  symbol?.declarations?.some((each) => each.getSourceFile().fileName === preludeFile) === true;

/** Calls of one of the runtime's decorators on a declaration, also through a function that returns one. */
export function decoratorCalls(checker: ts.TypeChecker, node: ts.Node, name: string): readonly ts.CallExpression[] {
  const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
  return decorators.flatMap(({ expression }) => {
    const call = runtimeCall(checker, expression);
    return call !== undefined && symbolOf(checker, calleeName(call))?.name === name ? [call] : [];
  });
}

function runtimeCall(checker: ts.TypeChecker, node: ts.Expression, hops = 3): ts.CallExpression | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = symbolOf(checker, calleeName(node));
  if (isOfRuntime(callee)) return node;
  const returned = returnedBy(callee?.valueDeclaration);
  return returned === undefined || hops === 0 ? undefined : runtimeCall(checker, returned, hops - 1);
}

const calleeName = ({ expression }: ts.CallExpression): ts.Node =>
  ts.isPropertyAccessExpression(expression) ? expression.name : expression;

function returnedBy(declaration: ts.Declaration | undefined): ts.Expression | undefined {
  const value =
    declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
  if (value === undefined || !(ts.isArrowFunction(value) || ts.isFunctionDeclaration(value))) return undefined;
  if (value.body === undefined || !ts.isBlock(value.body)) return value.body;
  const last = value.body.statements.at(-1);
  return last !== undefined && ts.isReturnStatement(last) ? last.expression : undefined;
}

export function isCell(type: ts.Type): boolean {
  const symbol = type.getSymbol();
  return symbol !== undefined && isOfRuntime(symbol) && cellTypes.has(symbol.name);
}

/** What the runtime hands to a compensation. */
export const isSagaSteps = (type: ts.Type): boolean => {
  const symbol = type.getSymbol();
  return symbol?.name === "SagaSteps" && isOfRuntime(symbol);
};

/** A class that is opened by identity: annotated itself, or through a base. */
export const isReplicated = (checker: ts.TypeChecker, type: ts.Type): boolean =>
  chainOf(checker, type).some((link) => decoratorCalls(checker, link, "Replicated").length > 0);

export const hasCells = (checker: ts.TypeChecker, type: ts.Type): boolean =>
  type
    .getProperties()
    .some((property) => property.valueDeclaration !== undefined && isCell(checker.getTypeOfSymbol(property)));

/** The class that values of a type are of; undefined for anything else, also for the class itself as a value. */
export function classDeclarationOf(type: ts.Type): ts.ClassLikeDeclaration | undefined {
  if (!type.isClassOrInterface() && (type as ts.TypeReference).target === undefined) return undefined;
  const declaration = type.getSymbol()?.declarations?.find(ts.isClassLike);
  return declaration !== undefined && type.getConstructSignatures().length === 0 ? declaration : undefined;
}

/** A class and its bases, the first base first. */
export function chainOf(checker: ts.TypeChecker, type: ts.Type): readonly ts.ClassLikeDeclaration[] {
  const declaration = classDeclarationOf(type);
  const generic = (type as ts.TypeReference).target ?? type;
  const bases = generic.isClassOrInterface() ? checker.getBaseTypes(generic) : [];
  const inherited = bases.flatMap((base) => chainOf(checker, base));
  return declaration === undefined ? inherited : [...inherited, declaration];
}

/** The class of the objects that `replicated(Class, { create })` makes. */
export function madeBy(checker: ts.TypeChecker, type: ts.Type): ts.Type | undefined {
  const symbol = type.getSymbol();
  if (!isOfRuntime(symbol) || symbol?.name !== "ReplicatedType") return undefined;
  return checker.getTypeArguments(type as ts.TypeReference)[0];
}
