import { ts } from "ts-morph";
import { type Level, weakest } from "../../../../runtime/src/levels.js";
import { decoratorsOf, levelDecorator } from "../extract/annotations.js";
import { substitute } from "../extract/calls.js";
import type { Item } from "../extract/functions.js";
import { operationNames } from "../extract/operation-names.js";
import { type FunctionNode, isFunctionNode, skipOuter } from "../extract/scopes.js";
import type { FunctionId, Value } from "../extract/values.js";
import type { Waits } from "../model.js";
import type { View } from "./view.js";

/** A function as it is called here. */
interface Frame {
  readonly run: FunctionNode;
  /** Puts what callers pass in place of parameters. */
  readonly resolve: (value: Value) => Value;
  /** Reads happen at this level at most. */
  readonly cap: Level | undefined;
  /** The calls that led here, outermost first. */
  readonly path: readonly Item[];
  readonly running: ReadonlySet<FunctionId>;
}

const nothing: Waits = { kind: "sequence", of: [] };
const never: Waits = { kind: "never" };

/**
 * What a method waits for whenever it succeeds. Statements are read backwards, each with what follows it, so that an early
 * return leaves out the rest. Whatever may not happen, or may go on beside the rest, is left out: it is a lower bound.
 */
export function waitsOf(view: View, run: FunctionNode): Waits {
  const id = view.sources.x.functionId(run);
  return new Waiting(view).ofFunction({
    run,
    resolve: (value) => value,
    cap: undefined,
    path: [],
    running: new Set([id]),
  });
}

class Waiting {
  constructor(private readonly view: View) {}

  ofFunction(frame: Frame): Waits {
    const { run } = frame;
    if (run.body === undefined || run.asteriskToken !== undefined) return nothing;
    const member = ts.isPropertyDeclaration(run.parent) ? run.parent : run;
    const { x } = this.view.sources;
    const own = levelDecorator(x, member)?.level;
    const cap = own === undefined || frame.cap === undefined ? (own ?? frame.cap) : weakest(own, frame.cap);
    const inside = { ...frame, cap };
    const waits = ts.isBlock(run.body) ? this.#block(run.body, nothing, inside) : this.#awaited(run.body, inside);
    const isTransaction = decoratorsOf(x, member).some((each) => each.name === "Transaction");
    return isTransaction && waits.kind !== "never" ? { kind: "transaction", of: waits } : waits;
  }

  #block(block: ts.Block, rest: Waits, frame: Frame): Waits {
    return block.statements.reduceRight<Waits>((after, each) => this.#statement(each, after, frame), rest);
  }

  #statement(node: ts.Statement, rest: Waits, frame: Frame): Waits {
    if (ts.isBlock(node)) return this.#block(node, rest, frame);
    if (ts.isReturnStatement(node))
      return node.expression === undefined ? nothing : this.#awaited(node.expression, frame);
    if (ts.isThrowStatement(node)) return never; // Then it does not succeed.
    if (ts.isExpressionStatement(node)) return sequence(this.#expression(node.expression, frame), rest);
    if (ts.isVariableStatement(node)) return sequence(this.#expression(node, frame), rest);
    if (ts.isIfStatement(node)) return this.#if(node, rest, frame);
    if (ts.isTryStatement(node)) return this.#try(node, rest, frame);
    if (ts.isBreakOrContinueStatement(node)) return nothing;
    const after = mayReturn(node) ? either(nothing, rest) : rest;
    if (ts.isDoStatement(node))
      return mayReturn(node) ? after : sequence(this.#statement(node.statement, nothing, frame), after);
    if (ts.isForOfStatement(node) || ts.isSwitchStatement(node) || ts.isWhileStatement(node))
      return sequence(this.#expression(node.expression, frame), after);
    return after;
  }

  #if(node: ts.IfStatement, rest: Waits, frame: Frame): Waits {
    const condition = this.#expression(node.expression, frame);
    const leaves = mayLeave(node);
    const after = leaves ? rest : nothing;
    const branches = either(
      this.#statement(node.thenStatement, after, frame),
      node.elseStatement === undefined ? after : this.#statement(node.elseStatement, after, frame),
    );
    return leaves ? sequence(condition, branches) : sequence(condition, branches, rest);
  }

  /** What fails may fail at once, so where the failure is caught only the handler is certain. */
  #try(node: ts.TryStatement, rest: Waits, frame: Frame): Waits {
    const after = node.finallyBlock === undefined ? rest : this.#block(node.finallyBlock, rest, frame);
    const tried = this.#block(node.tryBlock, after, frame);
    return node.catchClause === undefined ? tried : either(tried, this.#block(node.catchClause.block, after, frame));
  }

  /** What is waited for while an expression is computed; a promise that it gives is not. */
  #expression(node: ts.Node, frame: Frame): Waits {
    if (isFunctionNode(node) || ts.isClassLike(node) || ts.isTypeNode(node)) return nothing;
    if (ts.isAwaitExpression(node)) return this.#awaited(node.expression, frame);
    if (ts.isConditionalExpression(node)) {
      const branches = either(this.#expression(node.whenTrue, frame), this.#expression(node.whenFalse, frame));
      return sequence(this.#expression(node.condition, frame), branches);
    }
    if (ts.isBinaryExpression(node) && isShortCircuit(node)) return this.#expression(node.left, frame);
    if (ts.isOptionalChain(node)) return this.#expression(node.expression, frame);
    const parts: Waits[] = [];
    ts.forEachChild(node, (child) => void parts.push(this.#expression(child, frame)));
    return sequence(...parts);
  }

  #awaited(given: ts.Expression, frame: Frame): Waits {
    const node = skipOuter(given);
    if (ts.isConditionalExpression(node)) {
      const branches = either(this.#awaited(node.whenTrue, frame), this.#awaited(node.whenFalse, frame));
      return sequence(this.#expression(node.condition, frame), branches);
    }
    if (!ts.isCallExpression(node) || ts.isOptionalChain(node)) return this.#expression(node, frame);
    const callee = this.view.sources.x.evaluate(node.expression);
    if (callee.kind === "global") return this.#combined(callee.name, node, frame);
    if (ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      if (callee.kind === "builtin" && name.text === "finally") return this.#awaited(expression, frame);
      if (callee.kind === "builtin" && name.text === "then" && node.arguments.length === 1)
        return sequence(this.#awaited(expression, frame), this.#callback(node, frame));
      if (callee.kind === "builtin") return nothing; // `.catch`: what fails may fail at once.
    }
    return sequence(this.#expression(node, frame), this.#called(node, frame));
  }

  #combined(name: string, node: ts.CallExpression, frame: Frame): Waits {
    const [first] = node.arguments;
    if (first === undefined) return nothing;
    if (name === "Promise.resolve") return this.#awaited(first, frame);
    const all = skipOuter(first);
    if (!ts.isArrayLiteralExpression(all)) return this.#expression(node, frame);
    const each = all.elements.map((element) => this.#awaited(element, frame));
    if (name === "Promise.all" || name === "Promise.allSettled") return { kind: "together", of: each };
    return name === "Promise.race" || name === "Promise.any" ? either(...each) : nothing;
  }

  #callback(node: ts.CallExpression, frame: Frame): Waits {
    const item = this.#itemsAt(node, frame).find((each) => each.inline);
    return item === undefined ? nothing : this.#enter(item, item.callee, frame);
  }

  /** The operation, or what the called function waits for. */
  #called(node: ts.CallExpression, frame: Frame): Waits {
    const isCallee = (item: Item): boolean => {
      if (item.callee.kind !== "function") return true;
      const called = this.view.sources.x.evaluate(node.expression);
      return called.kind === "function" && called.id === item.callee.id;
    };
    const item = this.#itemsAt(node, frame).find(isCallee);
    return item === undefined ? nothing : this.#enter(item, frame.resolve(item.callee), frame);
  }

  #itemsAt(node: ts.CallExpression, frame: Frame): readonly Item[] {
    return this.view.sources.summaries.factsOf(frame.run).items.filter((each) => each.node === node);
  }

  #enter(item: Item, callee: Value, frame: Frame): Waits {
    const { x } = this.view.sources;
    const path = [...frame.path, item];
    if (callee.kind === "operation") {
      const target = { target: callee, args: [], cap: frame.cap, handled: false, path, order: [] };
      const effect = operationNames.has(callee.name) ? this.view.cellEffect(target) : undefined;
      return effect === undefined ? nothing : { kind: "operation", effect };
    }
    const run = callee.kind === "function" ? x.functionNode(callee.id) : undefined;
    if (callee.kind !== "function" || run === undefined || frame.running.has(callee.id)) return nothing;
    const { id } = callee;
    const resolve = (value: Value): Value => frame.resolve(substitute(x, value, id, item.args));
    return this.ofFunction({ run, resolve, cap: frame.cap, path, running: new Set([...frame.running, id]) });
  }
}

function sequence(...parts: readonly Waits[]): Waits {
  if (parts.some((each) => each.kind === "never")) return never;
  const of = parts.filter((each) => each !== nothing);
  return of.length === 0 ? nothing : of.length === 1 ? (of[0] as Waits) : { kind: "sequence", of };
}

function either(...parts: readonly Waits[]): Waits {
  const of = parts.filter((each) => each.kind !== "never");
  if (parts.includes(nothing)) return nothing;
  return of.length === 0 ? never : of.length === 1 ? (of[0] as Waits) : { kind: "either", of };
}

function isShortCircuit({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken ||
    kind === ts.SyntaxKind.AmpersandAmpersandEqualsToken ||
    kind === ts.SyntaxKind.BarBarEqualsToken ||
    kind === ts.SyntaxKind.QuestionQuestionEqualsToken
  );
}

function mayReturn(node: ts.Node): boolean {
  return contains(node, ts.isReturnStatement);
}

function mayLeave(node: ts.Node): boolean {
  return contains(
    node,
    (each) => ts.isReturnStatement(each) || ts.isThrowStatement(each) || ts.isBreakOrContinueStatement(each),
  );
}

function contains(node: ts.Node, is: (node: ts.Node) => boolean): boolean {
  if (is(node)) return true;
  return (
    ts.forEachChild(node, (child) => (isFunctionNode(child) ? undefined : contains(child, is) || undefined)) ?? false
  );
}
