import { ts } from "ts-morph";
import { isAssignment } from "../../extract/assignments.js";
import { type FunctionNode, isFunctionNode, lookUp, skipOuter } from "../../extract/scopes.js";
import { functionRead } from "../kept.js";
import type { Sources } from "../view.js";
import { type Deed, deedOf, isShowing, more } from "./deeds.js";
import { isError, mentions, truthOf } from "./indeterminate-error.js";

/** How a piece of code ends, on one way through it, when the error that it holds is an `IndeterminateError`. */
export interface Ending {
  readonly kind: "throws" | "returns" | "falls" | "continues" | "breaks";
  /** What is returned. */
  readonly value: ts.Expression | undefined;
  /** On the way somebody asked for `IndeterminateError` by name. */
  readonly isExplicit: boolean;
  /** A predicate that a caller passes decided the way: what it says is not known here. */
  readonly isAsked: boolean;
  /** The error went to somebody who may well look at it. */
  readonly isHandedOn: boolean;
  /** It is kept in a variable that outlives the code. */
  readonly isKept: boolean;
  /** What is done on the way, from where somebody asked by name. */
  readonly deed: Deed;
}

type Way = Omit<Ending, "kind" | "value">;

export interface ErrorFlow {
  readonly endings: readonly Ending[];
  /** Expressions on some way through the code. */
  readonly visited: readonly ts.Node[];
}

const start: Way = { isExplicit: false, isAsked: false, isHandedOn: false, isKept: false, deed: "nothing" };
const mostSteps = 4;

/** Follows an `IndeterminateError`, held by the variables `names`, through statements. */
export function flowOf(sources: Sources, code: readonly ts.Statement[], names: ReadonlySet<string>): ErrorFlow {
  return new Walk(sources, names, 0).run(code);
}

/** Follows it through a function that takes it as its parameter of this position. */
export function flowThrough(sources: Sources, run: FunctionNode, index: number, depth = 0): ErrorFlow {
  const name = run.parameters[index]?.name;
  const names = name === undefined || !ts.isIdentifier(name) ? [] : [name.text];
  const walk = new Walk(sources, new Set(names), depth);
  if (run.body === undefined) return { endings: [{ ...start, kind: "falls", value: undefined }], visited: [] };
  return ts.isBlock(run.body) ? walk.run(run.body.statements) : walk.expression(run.body);
}

class Walk {
  readonly #names: Set<string>;
  readonly #endings: Ending[] = [];
  readonly #visited: ts.Node[] = [];

  constructor(
    private readonly sources: Sources,
    names: ReadonlySet<string>,
    private readonly depth: number,
  ) {
    this.#names = new Set(names);
  }

  run(code: readonly ts.Statement[]): ErrorFlow {
    for (const way of this.#block(code, [start])) this.#end("falls", way);
    return { endings: this.#endings, visited: this.#visited };
  }

  expression(node: ts.Expression): ErrorFlow {
    this.#return(node, start);
    return { endings: this.#endings, visited: this.#visited };
  }

  #end(kind: Ending["kind"], way: Way, value?: ts.Expression): void {
    this.#endings.push({ ...way, kind, value });
  }

  #block(code: readonly ts.Statement[], ways: readonly Way[]): readonly Way[] {
    let open = ways;
    for (const each of code) {
      open = distinct(open.flatMap((way) => this.#statement(each, way)));
      if (open.length === 0) break;
    }
    return open;
  }

  /** The ways on which the code goes on after the statement. */
  #statement(node: ts.Statement, way: Way): readonly Way[] {
    if (ts.isBlock(node)) return this.#block(node.statements, [way]);
    if (ts.isIfStatement(node)) return this.#if(node, way);
    if (ts.isThrowStatement(node)) {
      this.#look(node.expression, way);
      this.#end("throws", way);
      return [];
    }
    if (ts.isReturnStatement(node)) {
      if (node.expression === undefined) this.#end("returns", way);
      else this.#return(node.expression, way);
      return [];
    }
    if (ts.isContinueStatement(node) || ts.isBreakStatement(node)) {
      this.#end(ts.isBreakStatement(node) ? "breaks" : "continues", way);
      return [];
    }
    if (ts.isExpressionStatement(node)) return this.#look(node.expression, way);
    if (ts.isVariableStatement(node)) return this.#declare(node, way);
    if (ts.isTryStatement(node)) return this.#try(node, way);
    if (ts.isSwitchStatement(node)) return this.#switch(node, way);
    if (ts.isIterationStatement(node, false)) return this.#loop(node, way);
    if (ts.isLabeledStatement(node)) return this.#statement(node.statement, way);
    return [way];
  }

  #if(node: ts.IfStatement, way: Way): readonly Way[] {
    const { value, isExplicit, isAsked } = truthOf(this.sources, node.expression, this.#names);
    const isNew = isExplicit && !way.isExplicit;
    const asked = {
      ...way,
      isExplicit: way.isExplicit || isExplicit,
      isAsked: way.isAsked || isAsked,
      deed: isNew ? "nothing" : way.deed,
    } as const;
    const after = this.#look(node.expression, asked, true).flatMap((each) => [
      ...(value === false ? [] : this.#statement(node.thenStatement, each)),
      ...(value === true ? [] : node.elseStatement === undefined ? [each] : this.#statement(node.elseStatement, each)),
    ]);
    // A branch that is left again, and only shows the error, has decided nothing.
    return isNew ? after.map((each) => (each.deed === "shown" ? { ...each, isExplicit: false } : each)) : after;
  }

  #return(given: ts.Expression, way: Way): void {
    const node = skipOuter(given);
    if (ts.isConditionalExpression(node)) {
      const { value, isExplicit, isAsked } = truthOf(this.sources, node.condition, this.#names);
      const asked = { ...way, isExplicit: way.isExplicit || isExplicit, isAsked: way.isAsked || isAsked };
      if (value !== false) this.#return(node.whenTrue, asked);
      if (value !== true) this.#return(node.whenFalse, asked);
      return;
    }
    const isReturned = !ts.isCallExpression(node) && hands(node, this.#names);
    for (const each of this.#look(node, way))
      this.#end("returns", isReturned ? { ...each, isHandedOn: true } : each, node);
  }

  #declare(node: ts.VariableStatement, way: Way): readonly Way[] {
    let ways: readonly Way[] = [way];
    for (const { name, initializer } of node.declarationList.declarations) {
      if (initializer === undefined) continue;
      if (ts.isIdentifier(name) && isError(initializer, this.#names)) this.#names.add(name.text);
      ways = ways.flatMap((each) => this.#look(initializer, each));
    }
    return ways;
  }

  /** What a nested handler catches is another failure, after which this code goes on. */
  #try(node: ts.TryStatement, way: Way): readonly Way[] {
    const inner = new Walk(this.sources, this.#names, this.depth);
    const { endings, visited } = inner.run(node.tryBlock.statements);
    this.#visited.push(...visited);
    const ways: Way[] = [];
    for (const ending of endings) {
      const joined = both(way, ending);
      if (ending.kind === "falls" || (ending.kind === "throws" && node.catchClause !== undefined)) ways.push(joined);
      else this.#end(ending.kind, joined, ending.value);
    }
    return node.finallyBlock === undefined ? ways : this.#block(node.finallyBlock.statements, distinct(ways));
  }

  #switch(node: ts.SwitchStatement, way: Way): readonly Way[] {
    const { clauses } = node.caseBlock;
    const truths = clauses.map((clause) => {
      if (ts.isDefaultClause(clause)) return undefined;
      const comparison = node.expression.kind === ts.SyntaxKind.TrueKeyword ? clause.expression : undefined;
      return comparison === undefined
        ? truthOfCase(node.expression, clause.expression, this.#names)
        : truthOf(this.sources, comparison, this.#names).isExplicit || undefined;
    });
    const own = truths.indexOf(true);
    const taken = own >= 0 ? [own] : clauses.flatMap((_, index) => (truths[index] === false ? [] : [index]));
    const ways: Way[] = [];
    if (own < 0 && !clauses.some(ts.isDefaultClause)) ways.push(way);
    for (const index of taken) {
      const inner = new Walk(this.sources, this.#names, this.depth);
      const { endings, visited } = inner.run(clauses.slice(index).flatMap((each) => [...each.statements]));
      this.#visited.push(...visited);
      for (const ending of endings) {
        const joined = both({ ...way, isExplicit: way.isExplicit || own >= 0 }, ending);
        if (ending.kind === "falls" || ending.kind === "breaks") ways.push(joined);
        else this.#end(ending.kind, joined, ending.value);
      }
    }
    return distinct(ways);
  }

  #loop(node: ts.IterationStatement, way: Way): readonly Way[] {
    const inner = new Walk(this.sources, this.#names, this.depth);
    const { endings, visited } = inner.run([node.statement]);
    this.#visited.push(...visited);
    const ways: Way[] = [way];
    for (const ending of endings) {
      const joined = both(way, ending);
      if (ending.kind === "returns" || ending.kind === "throws") this.#end(ending.kind, joined, ending.value);
      else ways.push(joined);
    }
    return distinct(ways);
  }

  /** What an expression does with the error; nothing goes on after a call that always throws. */
  #look(node: ts.Node, way: Way, isCondition = false): readonly Way[] {
    this.#visited.push(node);
    let ways: readonly Way[] = [isCondition ? way : { ...way, deed: more(way.deed, deedOf(this.sources, node)) }];
    const visit = (each: ts.Node): void => {
      if (isFunctionNode(each)) {
        if (mentions(each, this.#names)) ways = ways.map((one) => ({ ...one, isHandedOn: true }));
        return;
      }
      ts.forEachChild(each, visit);
      if (ts.isCallExpression(each)) ways = distinct(ways.flatMap((one) => this.#call(each, one, isCondition)));
      else if (ts.isNewExpression(each) || ts.isYieldExpression(each)) {
        if (hands(each, this.#names)) ways = ways.map((one) => ({ ...one, isKept: true }));
      } else if (isAssignment(each) && hands(each.right, this.#names))
        ways = ways.map((one) => ({ ...one, isKept: true }));
    };
    visit(node);
    return ways;
  }

  #call(node: ts.CallExpression, way: Way, isCondition: boolean): readonly Way[] {
    if (isCondition) return [way]; // What a predicate says is judged where it is asked.
    const callee = this.sources.x.evaluate(node.expression);
    if (callee.kind === "global" && /^process\.(exit|abort)$/.test(callee.name)) {
      this.#end("throws", way);
      return [];
    }
    const index = node.arguments.findIndex((each) => hands(each, this.#names));
    const run =
      callee.kind === "function" && this.depth < mostSteps ? functionRead(this.sources, callee.id) : undefined;
    if (run?.body !== undefined && !isFunctionNode(skipOuter(node.expression))) {
      if (index >= 0 || isNever(run)) return this.#enter(run, index, way);
      return [way];
    }
    if (index < 0 || callee.kind === "runtime") return [way];
    return [isShowing(node.expression) ? way : { ...way, isHandedOn: true }];
  }

  #enter(run: FunctionNode, index: number, way: Way): readonly Way[] {
    const { endings } = flowThrough(this.sources, run, index, this.depth + 1);
    const ways: Way[] = [];
    for (const ending of endings) {
      const joined = both(way, ending);
      if (ending.kind === "throws") this.#end("throws", joined);
      else ways.push(joined);
    }
    return distinct(ways);
  }
}

/** A helper that takes nothing of the error and ends the function all the same. */
function isNever(run: FunctionNode): boolean {
  if (run.type?.kind === ts.SyntaxKind.NeverKeyword) return true;
  return run.body !== undefined && ts.isBlock(run.body) && run.body.statements.length === 1
    ? ts.isThrowStatement(run.body.statements[0] as ts.Statement)
    : false;
}

/** The error itself is part of what the expression gives, and not just some text about it. */
function hands(given: ts.Node, names: ReadonlySet<string>): boolean {
  const node = ts.isExpression(given) ? skipOuter(given) : given;
  if (isError(node, names)) return true;
  if (ts.isArrayLiteralExpression(node)) return node.elements.some((each) => hands(each, names));
  if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) return hands(node.expression, names);
  if (ts.isObjectLiteralExpression(node)) return node.properties.some((each) => hands(each, names));
  if (ts.isPropertyAssignment(node)) return hands(node.initializer, names);
  if (ts.isShorthandPropertyAssignment(node)) return names.has(node.name.text);
  if (ts.isConditionalExpression(node)) return hands(node.whenTrue, names) || hands(node.whenFalse, names);
  if (ts.isBinaryExpression(node) && !isAssignment(node)) return hands(node.left, names) || hands(node.right, names);
  if (ts.isCallExpression(node) || ts.isNewExpression(node))
    return (node.arguments ?? []).some((each) => hands(each, names)) && !isShowing(node.expression);
  return false;
}

function truthOfCase(asked: ts.Expression, label: ts.Expression, names: ReadonlySet<string>): boolean | undefined {
  if (!mentions(asked, names)) return undefined;
  const text = label.getText();
  return /INDETERMINATE|IndeterminateError/.test(text);
}

function both(a: Way, b: Way): Way {
  return {
    isExplicit: a.isExplicit || b.isExplicit,
    isAsked: a.isAsked || b.isAsked,
    isHandedOn: a.isHandedOn || b.isHandedOn,
    isKept: a.isKept || b.isKept,
    deed: more(a.deed, b.deed),
  };
}

function distinct(ways: readonly Way[]): readonly Way[] {
  if (ways.length < 2) return ways;
  const seen = new Map(
    ways.map((way) => [`${way.isExplicit}${way.isAsked}${way.isHandedOn}${way.isKept}${way.deed}`, way]),
  );
  return [...seen.values()];
}

/** Variables of the code around that some code assigns, other than by counting. */
export function assignedIn(code: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const left = skipOuter(node.left);
      if (ts.isIdentifier(left) && !isDeclaredIn(left, code)) names.add(left.text);
    }
    if (!isFunctionNode(node)) ts.forEachChild(node, visit);
  };
  visit(code);
  return names;
}

function isDeclaredIn(name: ts.Identifier, code: ts.Node): boolean {
  const declaration = lookUp(name.text, name);
  return declaration !== undefined && declaration.pos >= code.pos && declaration.end <= code.end;
}
