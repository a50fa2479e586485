import { ts } from "ts-morph";
import { symbolOf } from "./runtime-symbols.js";

/** Literals that code compares or computes with: where its behaviour changes, values near them are worth trying. */
export interface Nearby {
  readonly numbers: readonly number[];
  readonly strings: readonly string[];
}

const mostNearby = 8;
/** Functions that are looked into, calls of calls included. */
const mostFunctions = 40;
/** Tried whatever the code says. */
const everywhere = new Set([0, 1, -1]);

/** Of some nodes, the nearest first, and of the functions and constants that they name. */
export function nearbyIn(checker: ts.TypeChecker, nodes: readonly ts.Node[]): Nearby {
  const collector = new Collector(checker);
  for (const node of nodes) collector.visit(node);
  return {
    numbers: [...collector.numbers].filter((each) => !everywhere.has(each)).slice(0, mostNearby),
    strings: [...collector.strings].slice(0, mostNearby),
  };
}

const { SyntaxKind } = ts;
const comparisons = new Set([
  ...[SyntaxKind.LessThanToken, SyntaxKind.LessThanEqualsToken],
  ...[SyntaxKind.GreaterThanToken, SyntaxKind.GreaterThanEqualsToken],
  ...[SyntaxKind.EqualsEqualsToken, SyntaxKind.EqualsEqualsEqualsToken],
  ...[SyntaxKind.ExclamationEqualsToken, SyntaxKind.ExclamationEqualsEqualsToken],
]);
const arithmetic = new Set([
  ...[SyntaxKind.PlusToken, SyntaxKind.MinusToken, SyntaxKind.AsteriskToken, SyntaxKind.SlashToken],
  ...[SyntaxKind.PercentToken, SyntaxKind.AsteriskAsteriskToken],
  ...[SyntaxKind.PlusEqualsToken, SyntaxKind.MinusEqualsToken, SyntaxKind.AsteriskEqualsToken],
]);
/** Initial values of cells, changes of them, and the usual ways to compare. */
const telling = new Set([
  ...["register", "counter", "increment", "decrement", "write", "compareAndSet", "has", "get"],
  ...["min", "max", "includes", "startsWith", "endsWith"],
]);

class Collector {
  readonly numbers = new Set<number>();
  readonly strings = new Set<string>();
  readonly #seen = new Set<ts.Node>();
  #functions = 0;

  constructor(private readonly checker: ts.TypeChecker) {}

  visit(node: ts.Node): void {
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    if (ts.isBinaryExpression(node)) this.#binary(node);
    else if (ts.isCaseClause(node)) this.#collect(node.expression);
    else if (ts.isCallExpression(node)) this.#call(node);
    else if (ts.isParameter(node) && node.initializer !== undefined) this.#collect(node.initializer);
    node.forEachChild((child) => this.visit(child));
  }

  #binary({ left, right, operatorToken: { kind } }: ts.BinaryExpression): void {
    if (ts.isTypeOfExpression(left) || ts.isTypeOfExpression(right)) return;
    if (!comparisons.has(kind) && !arithmetic.has(kind)) return;
    for (const side of [left, right]) {
      const value = this.#valueOf(side);
      if (typeof value === "number" || comparisons.has(kind)) this.#add(value);
    }
  }

  #call({ expression, arguments: given }: ts.CallExpression): void {
    const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    if (telling.has(name.getText())) {
      for (const each of given) this.#collect(each);
      if (ts.isPropertyAccessExpression(expression)) this.#elements(expression.expression);
    }
    const called = symbolOf(this.checker, name)?.valueDeclaration;
    const body = called !== undefined && ts.isVariableDeclaration(called) ? called.initializer : called;
    if (body === undefined || !ts.isFunctionLike(body) || body.getSourceFile().isDeclarationFile) return;
    if (!this.#seen.has(body) && ++this.#functions <= mostFunctions) this.visit(body);
  }

  /** `["open", "closed"].includes(status)` */
  #elements(list: ts.Expression): void {
    const value = this.#declared(list) ?? list;
    const plain = ts.isAsExpression(value) ? value.expression : value;
    if (ts.isArrayLiteralExpression(plain)) for (const each of plain.elements) this.#collect(each);
  }

  #collect(node: ts.Expression): void {
    this.#add(this.#valueOf(node));
  }

  #add(value: number | string | undefined): void {
    if (typeof value === "number") this.numbers.add(value);
    else if (value !== undefined && value !== "") this.strings.add(value);
  }

  /** A literal, an arithmetic of such, or a constant that is one. */
  #valueOf(node: ts.Expression, hops = 8): number | string | undefined {
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
      return this.#valueOf(node.expression, hops);
    if (ts.isNumericLiteral(node)) return Number(node.text);
    if (ts.isBigIntLiteral(node)) return Number(node.text.replace(/n$/, ""));
    if (ts.isStringLiteralLike(node)) return node.text;
    if (hops === 0) return undefined;
    if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.MinusToken) {
      const value = this.#valueOf(node.operand, hops - 1);
      return typeof value === "number" ? -value : undefined;
    }
    if (ts.isBinaryExpression(node)) {
      const [left, right] = [this.#valueOf(node.left, hops - 1), this.#valueOf(node.right, hops - 1)];
      return typeof left === "number" && typeof right === "number"
        ? computed(left, right, node.operatorToken.kind)
        : undefined;
    }
    const constant = this.#declared(node);
    return constant === undefined ? undefined : this.#valueOf(constant, hops - 1);
  }

  /** What a constant, a field that stays, a property of a constant object or an enum's member is given. */
  #declared(node: ts.Expression): ts.Expression | undefined {
    if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return undefined;
    const name = ts.isIdentifier(node) ? node : node.name;
    const declaration = symbolOf(this.checker, name)?.valueDeclaration;
    if (declaration === undefined) return undefined;
    if (ts.isVariableDeclaration(declaration))
      return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0 ? declaration.initializer : undefined;
    if (ts.isPropertyAssignment(declaration) || ts.isEnumMember(declaration) || ts.isPropertyDeclaration(declaration))
      return declaration.initializer;
    return undefined;
  }
}

function computed(left: number, right: number, operator: ts.SyntaxKind): number | undefined {
  const value = ((): number | undefined => {
    switch (operator) {
      case SyntaxKind.PlusToken:
        return left + right;
      case SyntaxKind.MinusToken:
        return left - right;
      case SyntaxKind.AsteriskToken:
        return left * right;
      case SyntaxKind.SlashToken:
        return left / right;
      case SyntaxKind.AsteriskAsteriskToken:
        return left ** right;
      default:
        return undefined;
    }
  })();
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
