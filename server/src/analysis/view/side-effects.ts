import { ts } from "ts-morph";
import type { FunctionFacts } from "../extract/functions.js";
import { type OutsideKind, outsideCall } from "../extract/outside-calls.js";
import { type FunctionNode, isFunctionNode, lookUp, memberName, skipOuter } from "../extract/scopes.js";
import type { FunctionId } from "../extract/values.js";
import { cellKey } from "../flow/usages.js";
import type { CallSite, Cell, Site } from "../model.js";
import { siteOf } from "../sites.js";
import { isTransaction } from "./failures/guarded.js";
import { functionRead, Kept } from "./kept.js";
import type { View } from "./view.js";

/** Something that a transaction does and that its abort does not undo, nor its second attempt leave out. */
export interface SideEffect {
  readonly kind: OutsideKind;
  /** As the source calls it: `this.mailer.send`. */
  readonly name: string;
  /** The expression in the transaction's own body. */
  readonly site: Site;
  /** Calls between the body and the expression that does it, outermost first; empty when that stands in the body. */
  readonly through: readonly CallSite[];
  /** The expression that does it. */
  readonly action: Site;
  /** For a log: what of the state, and which arguments, it shows. */
  readonly shownCells: readonly Cell[];
  readonly shownNames: readonly string[];
}

interface Action {
  readonly node: ts.CallExpression;
  readonly kind: OutsideKind;
  readonly path: readonly ts.CallExpression[];
}

/** What the body of a transaction does outside, through any call, in source order. */
export function sideEffectsOf(view: View, run: FunctionNode): readonly SideEffect[] {
  const { sources } = view;
  const actions = kept.of(sources, sources.summaries.factsOf(run), () => new Search(view).actionsIn(run));
  return actions.map(({ node, kind, path }) => {
    const [first] = path;
    const shown = kind === "log" ? shownBy(view, node) : { cells: [], names: [] };
    return {
      kind,
      name: node.expression.getText().replace(/\s+/g, ""),
      site: siteOf(first ?? node),
      through: path.map((call) => ({ name: calledName(call), site: siteOf(call) })),
      action: siteOf(node),
      shownCells: shown.cells,
      shownNames: shown.names,
    };
  });
}

const kept = new Kept<FunctionFacts, readonly Action[]>();

/** Collections that hold on to a function for later. */
const keeping = /^(?:push|unshift|splice|set|add|fill|bind|concat|with)$/;
/** Chains of calls that are longer are not followed by eye either. */
const deepest = 12;

class Search {
  /** The first action of a function, for those that call it. */
  readonly #known = new Map<FunctionId, readonly Action[]>();
  readonly #running = new Set<FunctionId>();

  constructor(private readonly view: View) {}

  actionsIn(run: FunctionNode): readonly Action[] {
    const found: Action[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isClassLike(node)) return;
      if (isFunctionNode(node)) {
        if (this.#runsInPlace(node)) ts.forEachChild(node, visit);
        return;
      }
      ts.forEachChild(node, visit);
      if (ts.isCallExpression(node)) found.push(...this.#at(node));
    };
    if (run.body !== undefined) visit(run.body);
    return found;
  }

  #at(node: ts.CallExpression): readonly Action[] {
    const { x } = this.view.sources;
    const kind = outsideCall(x, node, (id) => functionRead(this.view.sources, id));
    if (kind !== undefined) return [{ node, kind, path: [] }];
    const callee = x.evaluate(node.expression);
    if (callee.kind !== "function") return [];
    return this.#through(callee.id).map((each) => ({ ...each, path: [node, ...each.path] }));
  }

  #through(id: FunctionId): readonly Action[] {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const run = functionRead(this.view.sources, id);
    if (run?.body === undefined || this.#running.has(id) || this.#running.size > deepest) return [];
    if (isTransaction(this.view, run)) return []; // It says so itself.
    this.#running.add(id);
    // Logs are the business of who writes them; of the rest one says enough.
    const actions = this.actionsIn(run)
      .filter(({ kind }) => kind !== "log")
      .slice(0, 1);
    this.#running.delete(id);
    this.#known.set(id, actions);
    return actions;
  }

  /** A callback that the language or a function of the project runs; others may keep it until after the commit. */
  #runsInPlace(node: FunctionNode): boolean {
    let outer: ts.Node = node;
    while (ts.isParenthesizedExpression(outer.parent)) outer = outer.parent;
    const call = outer.parent;
    if (!ts.isCallExpression(call)) return false;
    if (call.expression === outer) return true;
    const { x, summaries } = this.view.sources;
    const callee = x.evaluate(call.expression);
    if (callee.kind === "builtin") return !keeping.test(callee.name);
    if (callee.kind === "global") return true;
    if (callee.kind === "plain" || callee.kind === "unknown") return runsNow(call);
    const run = callee.kind === "function" ? functionRead(this.view.sources, callee.id) : undefined;
    const index = call.arguments.indexOf(outer as ts.Expression);
    return (
      run !== undefined &&
      summaries
        .factsOf(run)
        .items.some(({ callee: each }) => each.kind === "parameter" && each.index === index && each.path.length === 0)
    );
  }
}

function runsNow({ expression }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) && /^(?:map|forEach|flatMap|then|finally)$/.test(expression.name.text)
  );
}

function calledName({ expression }: ts.CallExpression): string {
  const callee = skipOuter(expression);
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : "the call";
}

/** Which cells' values, and which parameters, go into the arguments of a log. */
function shownBy(
  view: View,
  node: ts.CallExpression,
): { readonly cells: readonly Cell[]; readonly names: readonly string[] } {
  const cells = new Set<Cell>();
  const names = new Set<string>();
  const seen = new Set<ts.Node>();
  const visit = (each: ts.Node): void => {
    if (seen.has(each) || isFunctionNode(each)) return;
    seen.add(each);
    if (ts.isCallExpression(each)) for (const cell of cellOf(view, each)) cells.add(cell);
    if (ts.isIdentifier(each) && !isMember(each)) {
      const declaration = lookUp(each.text, each);
      if (declaration !== undefined && ts.isParameter(declaration)) {
        if (isAmount(declaration)) names.add(each.text);
      } else if (declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer)
        visit(declaration.initializer);
    }
    if (ts.isPropertyAccessExpression(each) && !ts.isCallExpression(each.parent))
      names.add(memberName(each) ?? each.name.text);
    ts.forEachChild(each, visit);
  };
  for (const each of node.arguments) visit(each);
  return { cells: [...cells], names: [...names] };
}

function cellOf(view: View, node: ts.CallExpression): readonly Cell[] {
  const callee = view.sources.x.evaluate(node.expression);
  if (cellKey(callee) === undefined || callee.kind !== "operation" || callee.cell.kind !== "cell") return [];
  const { receiver, declaredIn, field } = callee.cell;
  return [view.cell(receiver, declaredIn, field)].filter((cell) => cell !== undefined);
}

/** A parameter that is a number, or whose type nobody says. */
function isAmount({ type }: ts.ParameterDeclaration): boolean {
  return type === undefined || /^(?:number|bigint|string|Money|Decimal|Big\w*)$/.test(type.getText());
}

function isMember(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}
