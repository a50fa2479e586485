import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { type Declaration, type FunctionNode, isFunctionNode, lookUp, skipOuter, unitOf } from "../extract/scopes.js";

/** Where a value stands in what a function was given. */
export interface Trace {
  readonly parameter: number;
  /** How many members deep: 1 for `current.items`. */
  readonly depth: number;
  /** How many levels of it are the function's own copy: 1 for `{ ...current }`, whose members are still shared. */
  readonly copied: number;
}

const elements = new Set(["find", "findLast", "at", "pop", "shift", "get"]);
const shallowCopies = new Set(["slice", "concat", "toSorted", "toReversed", "toSpliced", "with", "filter"]);
const inPlace = new Set(["sort", "reverse", "fill", "copyWithin"]);
const iterations = new Set(["forEach", "map", "filter", "some", "every", "find", "findLast", "findIndex", "flatMap"]);
const views = new Set(["values", "entries", "keys"]);

/**
 * Follows what the parameters of `owner` hold through variables, members, destructuring, loops and the callbacks of
 * arrays. What is assigned twice is not followed: it may be a copy by then.
 */
export class Inputs {
  constructor(
    private readonly x: Extraction,
    private readonly owner: FunctionNode,
  ) {}

  traceOf(given: ts.Expression, limit = 12): Trace | undefined {
    if (limit === 0) return undefined;
    const node = skipOuter(given);
    if (ts.isIdentifier(node)) {
      const declaration = lookUp(node.text, node);
      return declaration === undefined ? undefined : this.#ofDeclaration(declaration, limit - 1);
    }
    if (ts.isPropertyAccessExpression(node)) {
      if (isCopiedMember(node)) return undefined;
      return this.#ofMember(node.expression, node.name.text, limit);
    }
    if (ts.isElementAccessExpression(node)) {
      const { argumentExpression: key } = node;
      return this.#ofMember(node.expression, ts.isStringLiteralLike(key) ? key.text : undefined, limit);
    }
    if (ts.isObjectLiteralExpression(node)) return copied(this.#ofSpread(node.properties, limit));
    if (ts.isArrayLiteralExpression(node)) return copied(this.#ofSpread(node.elements, limit));
    if (ts.isCallExpression(node)) return this.#ofCall(node, limit);
    if (ts.isNewExpression(node)) return this.#ofNew(node, limit);
    if (ts.isBinaryExpression(node) && isChoice(node.operatorToken.kind))
      return this.traceOf(node.left, limit - 1) ?? this.traceOf(node.right, limit - 1);
    if (ts.isConditionalExpression(node))
      return this.traceOf(node.whenTrue, limit - 1) ?? this.traceOf(node.whenFalse, limit - 1);
    return undefined;
  }

  #ofMember(whole: ts.Expression, name: string | undefined, limit: number): Trace | undefined {
    if (name !== undefined && isReplaced(whole, name)) return undefined;
    return member(this.traceOf(whole, limit - 1));
  }

  /** `{ ...current }`; later properties may replace what is copied, which `isReplaced` looks after. */
  #ofSpread(parts: readonly ts.Node[], limit: number): Trace | undefined {
    for (const part of parts) {
      if (!ts.isSpreadAssignment(part) && !ts.isSpreadElement(part)) continue;
      const trace = this.traceOf(part.expression, limit - 1);
      if (trace !== undefined) return trace;
    }
    return undefined;
  }

  #ofCall(node: ts.CallExpression, limit: number): Trace | undefined {
    const { expression } = node;
    const [first] = node.arguments;
    if (!ts.isPropertyAccessExpression(expression)) return undefined;
    const name = expression.name.text;
    const callee = this.x.evaluate(expression);
    if (callee.kind === "global") {
      if (first === undefined) return undefined;
      if (/^(?:Array\.from|Object\.(?:values|entries|fromEntries))$/.test(callee.name))
        return copied(this.traceOf(first, limit - 1));
      if (callee.name !== "Object.assign" && callee.name !== "Object.freeze") return undefined;
      const target = this.traceOf(first, limit - 1);
      const source = node.arguments[1];
      return target ?? (source && copied(this.traceOf(source, limit - 1)));
    }
    if (callee.kind === "function") return undefined;
    if (elements.has(name)) return member(this.traceOf(expression.expression, limit - 1));
    if (shallowCopies.has(name)) return copied(this.traceOf(expression.expression, limit - 1));
    if (inPlace.has(name) || views.has(name)) return this.traceOf(expression.expression, limit - 1);
    return undefined;
  }

  #ofNew(node: ts.NewExpression, limit: number): Trace | undefined {
    const type = this.x.evaluate(node.expression);
    const [from] = node.arguments ?? [];
    if (type.kind !== "global" || from === undefined || !/^(?:Map|Set|Array)$/.test(type.name)) return undefined;
    return copied(this.traceOf(from, limit - 1));
  }

  #ofDeclaration(node: Declaration, limit: number): Trace | undefined {
    if (isReassigned(node)) return undefined;
    if (ts.isParameter(node)) return this.#ofParameter(node, limit);
    if (ts.isBindingElement(node)) return this.#ofBinding(node, limit);
    if (!ts.isVariableDeclaration(node)) return undefined;
    const loop = node.parent.parent;
    if (ts.isForOfStatement(loop) && loop.initializer === node.parent)
      return member(this.traceOf(loop.expression, limit));
    return node.initializer === undefined ? undefined : this.traceOf(node.initializer, limit);
  }

  #ofParameter(node: ts.ParameterDeclaration, limit: number): Trace | undefined {
    const owner = node.parent;
    if (owner === this.owner) {
      const parameter = this.owner.parameters.indexOf(node);
      return { parameter, depth: 0, copied: node.dotDotDotToken === undefined ? 0 : 1 };
    }
    if (!isFunctionNode(owner) || !ts.isCallExpression(owner.parent)) return undefined;
    if (owner.parent.arguments[0] !== (owner as ts.Node)) return undefined;
    return this.givenByIteration(owner.parent, owner.parameters.indexOf(node), limit);
  }

  /** What `items.forEach(callback)` and the like hand to their callback. */
  givenByIteration(call: ts.CallExpression, index: number, limit = 12): Trace | undefined {
    const { expression } = call;
    if (!ts.isPropertyAccessExpression(expression)) return undefined;
    const whole = this.traceOf(expression.expression, limit);
    const name = expression.name.text;
    if (iterations.has(name)) return index === 0 ? member(whole) : index === 2 ? whole : undefined;
    if (name !== "reduce" && name !== "reduceRight") return undefined;
    if (index === 1) return member(whole);
    const initial = call.arguments[1];
    return index === 0 ? (initial === undefined ? member(whole) : this.traceOf(initial, limit)) : undefined;
  }

  #ofBinding(node: ts.BindingElement, limit: number): Trace | undefined {
    const holder = node.parent.parent;
    const whole =
      ts.isVariableDeclaration(holder) || ts.isParameter(holder) || ts.isBindingElement(holder)
        ? this.#ofDeclaration(holder, limit)
        : undefined;
    // What the rest takes is a copy, as a spread makes one.
    return node.dotDotDotToken === undefined ? member(whole) : copied(whole);
  }
}

function member(trace: Trace | undefined): Trace | undefined {
  return trace && { ...trace, depth: trace.depth + 1, copied: Math.max(0, trace.copied - 1) };
}

function copied(trace: Trace | undefined): Trace | undefined {
  return trace && { ...trace, copied: Math.max(1, trace.copied) };
}

function isChoice(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
}

/** `length` and `size` hold nothing. */
function isCopiedMember(node: ts.PropertyAccessExpression): boolean {
  return node.name.text === "length" || node.name.text === "size";
}

/** `next.items`, where `next` was made with `items` of its own, or is given them somewhere. */
function isReplaced(given: ts.Expression, name: string): boolean {
  const node = skipOuter(given);
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const made = declaration.initializer && skipOuter(declaration.initializer);
  if (made !== undefined && ts.isObjectLiteralExpression(made)) {
    const spread = made.properties.findLastIndex(ts.isSpreadAssignment);
    if (made.properties.slice(spread + 1).some((each) => each.name !== undefined && each.name.getText() === name))
      return true;
  }
  return assignmentsIn(unitOf(declaration)).some(
    ({ left }) =>
      ts.isPropertyAccessExpression(left) &&
      left.name.text === name &&
      ts.isIdentifier(left.expression) &&
      lookUp(left.expression.text, left) === declaration,
  );
}

function isReassigned(node: Declaration): boolean {
  if (!ts.isVariableDeclaration(node) && !ts.isParameter(node) && !ts.isBindingElement(node)) return true;
  if (ts.isVariableDeclaration(node) && (node.parent.flags & ts.NodeFlags.Const) !== 0) return false;
  if (!ts.isIdentifier(node.name)) return false;
  const { text } = node.name;
  return assignmentsIn(unitOf(node)).some(
    ({ left }) => ts.isIdentifier(left) && left.text === text && lookUp(text, left) === node,
  );
}

const assignments = new WeakMap<ts.Node, readonly ts.BinaryExpression[]>();

/** Plain `=` assignments in a part of a file. */
export function assignmentsIn(unit: ts.Node): readonly ts.BinaryExpression[] {
  const known = assignments.get(unit);
  if (known !== undefined) return known;
  const found: ts.BinaryExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(unit);
  assignments.set(unit, found);
  return found;
}
