import { ts } from "ts-morph";
import { isAssignment, isStep, partsOfPattern } from "../extract/assignments.js";
import { calledIn, givenTo } from "../extract/call-nodes.js";
import type { Extraction } from "../extract/extraction.js";
import { calleeName, type FunctionFacts, type Item } from "../extract/functions.js";
import { type FunctionNode, isFunctionNode, skipOuter } from "../extract/scopes.js";
import type { Recorded } from "../reads.js";
import { remembered } from "../remembered.js";
import { type AmbientKind, ambientOf } from "./ambient.js";
import { Inputs, type Trace } from "./inputs.js";
import type { Summaries } from "./summaries.js";

/** Something for which a function does not give the same for the same arguments, or changes what it was given. */
export interface Impurity {
  readonly kind: AmbientKind | "mutation";
  /** `Date.now()`; for a mutation what is changed: `current.items`. */
  readonly name: string;
  /** In the function itself: the expression, or the call that leads to it. */
  readonly node: ts.Node;
  /** The expression, wherever it stands. */
  readonly source: ts.Node;
  /** Functions between the two, outermost first. */
  readonly through: readonly string[];
  /** What is changed: the parameter, and how many members deep. */
  readonly changed: { readonly parameter: number; readonly depth: number } | undefined;
}

interface Found {
  readonly impurities: readonly Impurity[];
  /** The files that it was found in, or would have been. */
  readonly files: ReadonlySet<string>;
}

interface Own {
  readonly impurities: readonly Impurity[];
  readonly inputs: Inputs;
}

/** By facts, which are made anew whenever what a function refers to may have changed. */
const own = new WeakMap<FunctionFacts, Own>();

/** How far functions are pure, through calls. Recursion adds nothing that the first round has not seen. */
export class Purity {
  readonly #known = new WeakMap<FunctionFacts, Recorded<Found>>();
  readonly #open = new Set<ts.Node>();
  #cut = 0;

  constructor(
    private readonly sources: {
      readonly x: Extraction;
      readonly summaries: Summaries;
    },
  ) {}

  of(node: FunctionNode): readonly Impurity[] {
    const { impurities, files } = this.#find(node);
    for (const file of files) this.sources.x.reads.noteFile(file);
    return impurities;
  }

  #find(node: FunctionNode): Found {
    const { reads } = this.sources.x;
    const facts = this.sources.summaries.factsOf(node);
    const known = this.#known.get(facts);
    if (known !== undefined && reads.holds(known)) return known.value;
    if (this.#open.has(node)) {
      this.#cut++;
      return { impurities: [], files: new Set() };
    }
    this.#open.add(node);
    const cutBefore = this.#cut;
    const found = reads.record(() => this.#compute(node, facts));
    this.#open.delete(node);
    // What was found while a caller was still open may lack what that caller does.
    if (this.#cut === cutBefore || this.#open.size === 0) this.#known.set(facts, found);
    return found.value;
  }

  #compute(node: FunctionNode, facts: FunctionFacts): Found {
    const { impurities, inputs } = this.#own(facts, node);
    const found = [...impurities];
    const files = new Set([node.getSourceFile().fileName]);
    for (const item of facts.items) found.push(...this.#ofItem(item, inputs, files));
    return { impurities: firstOfEach(found), files };
  }

  #own(facts: FunctionFacts, node: FunctionNode): Own {
    return remembered(own, facts, () => {
      const inputs = new Inputs(this.sources.x, node);
      return { inputs, impurities: [...this.#ambient(node), ...mutations(this.sources.x, inputs, node)] };
    });
  }

  #ambient(owner: FunctionNode): readonly Impurity[] {
    const found: Impurity[] = [];
    const visit = (node: ts.Node): void => {
      if (isFunctionNode(node) || ts.isClassLike(node)) return;
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const ambient = ambientOf(this.sources.x, node);
        if (ambient !== undefined) found.push({ ...ambient, node, source: node, through: [], changed: undefined });
      }
      ts.forEachChild(node, visit);
    };
    for (const parameter of owner.parameters) if (parameter.initializer !== undefined) visit(parameter.initializer);
    if (owner.body !== undefined) visit(owner.body);
    return found;
  }

  #ofItem(item: Item, inputs: Inputs, files: Set<string>): readonly Impurity[] {
    const found: Impurity[] = [];
    for (const callee of this.#calledBy(item)) {
      // A callback written in place belongs to this function, and what it changes is followed from there.
      const isInline = isWrittenIn(item, callee);
      const below = this.#find(callee);
      for (const file of below.files) files.add(file);
      for (const each of below.impurities) {
        const changed = each.changed && !isInline ? this.#passedOn(item, callee, each.changed, inputs) : undefined;
        if (each.kind === "mutation" && changed === undefined) continue;
        found.push(
          isInline && each.kind !== "mutation"
            ? each
            : { ...each, changed, node: item.node, through: [calleeName(item), ...each.through] },
        );
      }
    }
    return found;
  }

  /** The function that is called, and those it is given to call. */
  #calledBy(item: Item): readonly FunctionNode[] {
    const { x } = this.sources;
    const { callee } = item;
    if (callee.kind !== "function") return [];
    const node = x.functionNode(callee.id);
    if (node === undefined) return [];
    const called = [node];
    for (const { callee: inner } of this.sources.summaries.factsOf(node).items) {
      if (inner.kind !== "parameter" || inner.of !== callee.id || inner.path.length > 0) continue;
      const passed = item.args[inner.index];
      const function_ = passed?.kind === "function" ? x.functionNode(passed.id) : undefined;
      if (function_ !== undefined) called.push(function_);
    }
    return called;
  }

  /** What the callee changes of its parameter, as this function's own parameter. */
  #passedOn(
    item: Item,
    callee: FunctionNode,
    changed: { readonly parameter: number; readonly depth: number },
    inputs: Inputs,
  ): Impurity["changed"] {
    const value = this.sources.x.evaluate(calledIn(item.node));
    const isCalled =
      ts.isNewExpression(item.node) || (value.kind === "function" && value.id === this.sources.x.functionId(callee));
    let trace: Trace | undefined;
    if (isCalled) {
      const argument = givenTo(item.node)[changed.parameter];
      trace = argument && !ts.isSpreadElement(argument) ? inputs.traceOf(argument) : undefined;
    } else if (ts.isCallExpression(item.node)) trace = inputs.givenByIteration(item.node, changed.parameter);
    if (trace === undefined || changed.depth < trace.copied) return undefined;
    return { parameter: trace.parameter, depth: trace.depth + changed.depth };
  }
}

function isWrittenIn(item: Item, callee: FunctionNode): boolean {
  const places: readonly ts.Expression[] = [...givenTo(item.node), calledIn(item.node)];
  return places.some((each) => skipOuter(each) === (callee as ts.Node));
}

/** Of several ways to the same expression from the same place, the first. */
function firstOfEach(found: readonly Impurity[]): readonly Impurity[] {
  const seen = new Map<ts.Node, Set<string>>();
  return found.filter(({ node, kind }) => {
    const kinds = remembered(seen, node, () => new Set<string>());
    if (kinds.has(kind)) return false;
    kinds.add(kind);
    return true;
  });
}

const mutators = new Set([
  ...["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"],
  ...["set", "add", "delete", "clear"],
]);
const dateSetter = /^set(?:UTC)?(?:Date|Month|FullYear|Hours|Minutes|Seconds|Milliseconds)$|^setTime$/;

/** Everything in a function, callbacks written in place included, that changes what its parameters hold. */
function mutations(x: Extraction, inputs: Inputs, owner: FunctionNode): readonly Impurity[] {
  const found: Impurity[] = [];
  const change = (target: ts.Expression, node: ts.Node): void => {
    const trace = inputs.traceOf(target);
    if (trace === undefined || trace.copied > 0) return;
    found.push({
      kind: "mutation",
      name: skipOuter(target).getText(),
      node,
      source: node,
      through: [],
      changed: { parameter: trace.parameter, depth: trace.depth },
    });
  };
  const assign = (target: ts.Expression, node: ts.Node): void => {
    const left = skipOuter(target);
    if (ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left)) change(left.expression, node);
    else for (const part of partsOfPattern(left)) assign(part, node);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) return;
    if (isAssignment(node)) assign(node.left, node);
    else if (isStep(node)) assign(node.operand, node);
    else if (ts.isDeleteExpression(node)) assign(node.expression, node);
    else if (ts.isCallExpression(node)) for (const held of changedBy(x, node)) change(held, node);
    ts.forEachChild(node, visit);
  };
  if (owner.body !== undefined) visit(owner.body);
  return found;
}

/** `items` of `items.push(…)` and of `Object.assign(items, …)`; not the methods of cells and of classes of the project. */
function changedBy(x: Extraction, node: ts.CallExpression): readonly ts.Expression[] {
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const { kind } = x.evaluate(expression);
  if (kind === "function" || kind === "operation") return [];
  const name = expression.name.text;
  if (mutators.has(name) || dateSetter.test(name)) return [expression.expression];
  const first = node.arguments[0];
  const isInPlace = /^Object\.(?:assign|defineProperty|setPrototypeOf)$/.test(expression.getText());
  return isInPlace && first !== undefined ? [first] : [];
}
