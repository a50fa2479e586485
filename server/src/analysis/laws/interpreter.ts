import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { resolveDeclaration } from "../extract/names.js";
import { type FunctionNode, isFunctionNode, lookUp, memberName, skipOuter } from "../extract/scopes.js";
import { callGlobal, callMethod, construct, member } from "./builtins.js";
import { Callable, type Data, isObject, Undecidable, Unknown, Word } from "./data.js";
import { operate, truthy } from "./operators.js";

/** Enough for any merge of three small values, and an end for one that never comes to one. */
const mostSteps = 3_000;
/** For all calls together, some milliseconds: what is not tried by then is not found. */
const mostStepsInAll = 50_000;

/** Names of a block, and those around it. */
class Scope {
  readonly #names = new Map<string, Data>();

  constructor(private readonly around?: Scope) {}

  declare(name: string, value: Data): void {
    this.#names.set(name, value);
  }

  find(name: string): { readonly value: Data } | undefined {
    if (this.#names.has(name)) return { value: this.#names.get(name) };
    return this.around?.find(name);
  }

  assign(name: string, value: Data): void {
    if (this.#names.has(name)) this.#names.set(name, value);
    else if (this.around !== undefined) this.around.assign(name, value);
    else throw new Undecidable();
  }
}

/** How a statement ended, if not by going on to the next. */
type Completion = { readonly returned: Data } | "break" | "continue" | undefined;

/**
 * Computes what a small function of data gives, from its source: arithmetic, comparison, spreads, and methods of arrays,
 * sets and maps. Nothing of the user's runs: whatever is not in here is undecidable, as are clocks, randomness and `this`.
 */
export class Interpreter {
  #steps = 0;
  #stepsInAll = 0;

  constructor(
    private readonly x: Extraction,
    /** Told of all that the result was read from. */
    private readonly consult: (node: ts.Node) => void,
  ) {}

  call(node: FunctionNode, args: readonly Data[]): Data {
    this.#steps = 0;
    return this.#invoke(node, args, undefined);
  }

  #invoke(node: FunctionNode, args: readonly Data[], around: Scope | undefined): Data {
    this.consult(node);
    if (node.body === undefined || node.asteriskToken !== undefined || isAsync(node)) throw new Undecidable();
    const scope = new Scope(around);
    for (const [index, parameter] of node.parameters.entries()) {
      const given = parameter.dotDotDotToken === undefined ? args[index] : args.slice(index);
      this.#bind(parameter, given, scope);
    }
    if (!ts.isBlock(node.body)) return this.#evaluate(node.body, scope);
    const completion = this.#run(node.body.statements, scope);
    return typeof completion === "object" ? completion.returned : undefined;
  }

  #bind(node: ts.ParameterDeclaration | ts.VariableDeclaration | ts.BindingElement, given: Data, scope: Scope): void {
    const isMissing = given === undefined && node.initializer !== undefined && !ts.isVariableDeclaration(node);
    const value = isMissing ? this.#evaluate(node.initializer, scope) : given;
    if (ts.isIdentifier(node.name)) {
      scope.declare(node.name.text, value);
      return;
    }
    if (ts.isObjectBindingPattern(node.name)) {
      const { elements } = node.name;
      const taken = elements.map((each) => memberName({ name: each.propertyName ?? each.name } as unknown as ts.Node));
      for (const [index, each] of elements.entries()) {
        const name = taken[index];
        if (each.dotDotDotToken !== undefined) {
          if (!isObject(value)) throw new Undecidable();
          const rest = Object.entries(value).filter(([key]) => !taken.includes(key));
          this.#bind(each, Object.fromEntries(rest), scope);
        } else if (name === undefined) throw new Undecidable();
        else this.#bind(each, member(value, name), scope);
      }
      return;
    }
    const values = iterate(value);
    for (const [index, each] of node.name.elements.entries()) {
      if (ts.isOmittedExpression(each)) continue;
      this.#bind(each, each.dotDotDotToken === undefined ? values[index] : values.slice(index), scope);
    }
  }

  #run(statements: readonly ts.Statement[], scope: Scope): Completion {
    for (const each of statements) {
      if (ts.isFunctionDeclaration(each) && each.name !== undefined)
        scope.declare(each.name.text, this.#closure(each, scope));
    }
    for (const each of statements) {
      const completion = this.#execute(each, scope);
      if (completion !== undefined) return completion;
    }
    return undefined;
  }

  #execute(node: ts.Statement, scope: Scope): Completion {
    this.#step();
    if (ts.isBlock(node)) return this.#run(node.statements, new Scope(scope));
    if (ts.isReturnStatement(node))
      return { returned: node.expression === undefined ? undefined : this.#evaluate(node.expression, scope) };
    if (ts.isExpressionStatement(node)) {
      this.#evaluate(node.expression, scope);
      return undefined;
    }
    if (ts.isVariableStatement(node)) {
      for (const each of node.declarationList.declarations)
        this.#bind(each, each.initializer && this.#evaluate(each.initializer, scope), scope);
      return undefined;
    }
    if (ts.isIfStatement(node)) {
      if (truthy(this.#evaluate(node.expression, scope))) return this.#execute(node.thenStatement, scope);
      return node.elseStatement === undefined ? undefined : this.#execute(node.elseStatement, scope);
    }
    if (ts.isForOfStatement(node)) return this.#loop(node, scope);
    if (ts.isBreakStatement(node) && node.label === undefined) return "break";
    if (ts.isContinueStatement(node) && node.label === undefined) return "continue";
    if (ts.isEmptyStatement(node) || ts.isFunctionDeclaration(node) || ts.isTypeAliasDeclaration(node))
      return undefined;
    throw new Undecidable();
  }

  #loop(node: ts.ForOfStatement, scope: Scope): Completion {
    const { initializer } = node;
    const declaration = ts.isVariableDeclarationList(initializer) ? initializer.declarations[0] : undefined;
    if (declaration === undefined) throw new Undecidable();
    for (const each of iterate(this.#evaluate(node.expression, scope))) {
      const inner = new Scope(scope);
      this.#bind(declaration, each, inner);
      const completion = this.#execute(node.statement, inner);
      if (completion === "break") return undefined;
      if (completion !== undefined && completion !== "continue") return completion;
    }
    return undefined;
  }

  #step(): void {
    if (++this.#steps > mostSteps || ++this.#stepsInAll > mostStepsInAll) throw new Undecidable();
  }

  #closure(node: FunctionNode, scope: Scope | undefined): Callable {
    return new Callable((args) => this.#invoke(node, args, scope));
  }

  #evaluate(given: ts.Expression | undefined, scope: Scope): Data {
    this.#step();
    if (given === undefined || ts.isAwaitExpression(given)) throw new Undecidable();
    const node = skipOuter(given);
    const literal = literalOf(node);
    if (literal !== undefined) return literal.value;
    if (ts.isIdentifier(node)) return this.#name(node, scope);
    if (ts.isPropertyAccessExpression(node)) return this.#access(node, node.name.text, scope);
    if (ts.isElementAccessExpression(node))
      return this.#access(node, this.#evaluate(node.argumentExpression, scope), scope);
    if (ts.isArrayLiteralExpression(node)) return this.#elements(node.elements, scope);
    if (ts.isObjectLiteralExpression(node)) return this.#object(node, scope);
    if (ts.isConditionalExpression(node))
      return this.#evaluate(truthy(this.#evaluate(node.condition, scope)) ? node.whenTrue : node.whenFalse, scope);
    if (ts.isBinaryExpression(node)) return this.#binary(node, scope);
    if (ts.isPrefixUnaryExpression(node)) return this.#prefix(node, scope);
    if (ts.isTemplateExpression(node)) return this.#template(node, scope);
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return this.#closure(node, scope);
    if (ts.isCallExpression(node)) return this.#call(node, scope);
    if (ts.isNewExpression(node)) {
      const type = this.x.evaluate(node.expression);
      const args = this.#elements(node.arguments ?? [], scope);
      if (type.kind === "global") return construct(type.name, args);
    }
    throw new Undecidable();
  }

  /** A variable of the function, else a constant or a function of the project. */
  #name(node: ts.Identifier, scope: Scope): Data {
    const found = scope.find(node.text);
    if (found !== undefined) return found.value;
    const declaration = lookUp(node.text, node);
    if (declaration === undefined) {
      if (node.text === "undefined") return undefined;
      throw new Undecidable();
    }
    const target = resolveDeclaration(this.x, declaration);
    const meant = target.kind === "declaration" ? target.node : undefined;
    if (meant === undefined) throw new Undecidable();
    this.consult(meant);
    if (ts.isFunctionDeclaration(meant)) return this.#closure(meant, undefined);
    const isConstant = ts.isVariableDeclaration(meant) && (meant.parent.flags & ts.NodeFlags.Const) !== 0;
    if (!isConstant || meant.initializer === undefined || !ts.isIdentifier(meant.name)) throw new Undecidable();
    return this.#evaluate(meant.initializer, new Scope());
  }

  #access(node: ts.PropertyAccessExpression | ts.ElementAccessExpression, key: Data, scope: Scope): Data {
    const whole = this.#evaluate(node.expression, scope);
    if ((whole === undefined || whole === null) && isOptional(node)) return undefined;
    return member(whole, key);
  }

  #elements(nodes: readonly ts.Expression[], scope: Scope): Data[] {
    return nodes.flatMap((each) =>
      ts.isSpreadElement(each) ? iterate(this.#evaluate(each.expression, scope)) : [this.#evaluate(each, scope)],
    );
  }

  #object(node: ts.ObjectLiteralExpression, scope: Scope): Data {
    const members: Record<string, Data> = {};
    for (const each of node.properties) {
      if (ts.isSpreadAssignment(each)) {
        const spread = this.#evaluate(each.expression, scope);
        if (isObject(spread)) Object.assign(members, spread);
        else if (spread !== undefined && spread !== null) throw new Undecidable();
      } else if (ts.isShorthandPropertyAssignment(each)) members[each.name.text] = this.#name(each.name, scope);
      else if (ts.isPropertyAssignment(each)) {
        const name = ts.isComputedPropertyName(each.name)
          ? this.#evaluate(each.name.expression, scope)
          : memberName(each);
        const key = name instanceof Word ? name.text : name;
        if (typeof key !== "string" || key === "__proto__") throw new Undecidable();
        members[key] = this.#evaluate(each.initializer, scope);
      } else throw new Undecidable();
    }
    return members;
  }

  #binary(node: ts.BinaryExpression, scope: Scope): Data {
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.EqualsToken) return this.#assign(node.left, this.#evaluate(node.right, scope), scope);
    const left = this.#evaluate(node.left, scope);
    switch (kind) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
        return truthy(left) ? this.#evaluate(node.right, scope) : left;
      case ts.SyntaxKind.BarBarToken:
        return truthy(left) ? left : this.#evaluate(node.right, scope);
      case ts.SyntaxKind.QuestionQuestionToken:
        return isNothing(left) ? this.#evaluate(node.right, scope) : left;
      case ts.SyntaxKind.PlusEqualsToken:
        return this.#assign(
          node.left,
          operate(ts.SyntaxKind.PlusToken, left, this.#evaluate(node.right, scope)),
          scope,
        );
      default:
        return operate(kind, left, this.#evaluate(node.right, scope));
    }
  }

  #assign(given: ts.Expression, value: Data, scope: Scope): Data {
    const target = skipOuter(given);
    if (ts.isIdentifier(target)) {
      scope.assign(target.text, value);
      return value;
    }
    if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target)) throw new Undecidable();
    const whole = this.#evaluate(target.expression, scope);
    const key = ts.isPropertyAccessExpression(target)
      ? target.name.text
      : this.#evaluate(target.argumentExpression, scope);
    const name = key instanceof Word ? key.text : key;
    if (!isObject(whole) || typeof name !== "string" || name === "__proto__") throw new Undecidable();
    (whole as Record<string, Data>)[name] = value;
    return value;
  }

  #prefix(node: ts.PrefixUnaryExpression, scope: Scope): Data {
    const value = this.#evaluate(node.operand, scope);
    if (node.operator === ts.SyntaxKind.ExclamationToken) return !truthy(value);
    if (typeof value !== "number") throw new Undecidable();
    if (node.operator === ts.SyntaxKind.MinusToken) return -value;
    if (node.operator === ts.SyntaxKind.PlusToken) return value;
    throw new Undecidable();
  }

  #template(node: ts.TemplateExpression, scope: Scope): Data {
    let text: Data = node.head.text;
    for (const span of node.templateSpans) {
      text = operate(ts.SyntaxKind.PlusToken, text, this.#evaluate(span.expression, scope));
      text = operate(ts.SyntaxKind.PlusToken, text, span.literal.text);
    }
    return text;
  }

  #call(node: ts.CallExpression, scope: Scope): Data {
    const callee = skipOuter(node.expression);
    if (isFunctionNode(callee)) return this.#invoke(callee, this.#elements(node.arguments, scope), scope);
    const isLocal = ts.isIdentifier(callee) && scope.find(callee.text) !== undefined;
    const value = isLocal ? undefined : this.x.evaluate(callee);
    if (value?.kind === "global") return callGlobal(value.name, this.#elements(node.arguments, scope));
    if (value?.kind === "function") {
      const target = this.x.functionNode(value.id);
      if (target === undefined || ts.isMethodDeclaration(target)) throw new Undecidable();
      if (isTopLevel(target)) return this.#invoke(target, this.#elements(node.arguments, scope), undefined);
    }
    if (ts.isIdentifier(callee)) {
      const called = this.#name(callee, scope);
      if (!(called instanceof Callable)) throw new Undecidable();
      return called.call(this.#elements(node.arguments, scope));
    }
    if (!ts.isPropertyAccessExpression(callee)) throw new Undecidable();
    const whole = this.#evaluate(callee.expression, scope);
    if ((whole === undefined || whole === null) && isOptional(callee)) return undefined;
    return callMethod(whole, callee.name.text, this.#elements(node.arguments, scope));
  }
}

function literalOf(node: ts.Expression): { readonly value: Data } | undefined {
  if (ts.isNumericLiteral(node)) return { value: Number(node.text) };
  if (ts.isStringLiteralLike(node)) return { value: node.text };
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return { value: true };
    case ts.SyntaxKind.FalseKeyword:
      return { value: false };
    case ts.SyntaxKind.NullKeyword:
      return { value: null };
    default:
      return undefined;
  }
}

export function iterate(value: Data): Data[] {
  if (Array.isArray(value)) return [...value];
  if (value instanceof Set) return [...value];
  if (value instanceof Map) return [...value].map((entry) => [...entry]);
  throw new Undecidable();
}

/** Of what is not known it may be nothing. */
function isNothing(value: Data): boolean {
  if (value instanceof Unknown) throw new Undecidable();
  return value === undefined || value === null;
}

function isOptional(node: ts.Node): boolean {
  return (node.flags & ts.NodeFlags.OptionalChain) !== 0;
}

function isAsync(node: FunctionNode): boolean {
  return (
    ts.canHaveModifiers(node) && (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false)
  );
}

function isTopLevel(node: FunctionNode): boolean {
  if (ts.isFunctionDeclaration(node)) return ts.isSourceFile(node.parent);
  return ts.isVariableDeclaration(node.parent) && ts.isSourceFile(node.parent.parent.parent.parent);
}
