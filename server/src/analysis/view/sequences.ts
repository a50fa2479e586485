import { ts } from "ts-morph";
import { decoratorsOf } from "../extract/annotations.js";
import { calledIn, givenTo } from "../extract/call-nodes.js";
import { calleeName, type Item } from "../extract/functions.js";
import { enclosingFunction, type FunctionNode, isFunctionNode, memberName } from "../extract/scopes.js";
import { unitsOf } from "../extract/units.js";
import type { Value } from "../extract/values.js";
import { lazily } from "../remembered.js";
import { siteOf } from "../sites.js";
import { type StateAct, type StatePair, type StateSequence, stateOf } from "../states.js";
import { passesOn, variablesIn } from "./arguments.js";
import { isBuffered } from "./floating.js";
import { contains, handlersAround, successionOf } from "./succession.js";
import type { View } from "./view.js";

interface Act extends StateAct {
  readonly node: Item["node"];
  /** The calls that lead to the operation, the first one in the function itself. */
  readonly path: readonly Item[];
}

/** What the functions of a file do to labelled stores; callbacks that a function runs belong to it. */
export function sequencesOf(view: View, tree: ts.SourceFile): readonly StateSequence[] {
  const { x, summaries } = view.sources;
  if (!x.hasStores && !/cache/i.test(tree.text)) return [];
  return unitsOf(tree).flatMap((unit) =>
    unit.runs.flatMap((run) => {
      const effects = isFunctionNode(run) ? summaries.effectsOf(x.functionId(run)) : [];
      return effects.some(({ target }) => target.kind === "operation" && isStoreOrCache(target.cell)) &&
        isFunctionNode(run) &&
        !isRunByAnother(view, run)
        ? [sequenceOf(view, run)]
        : [];
    }),
  );
}

/** Rules about caches look at cells that are named so, too. */
function isStoreOrCache(value: Value): boolean {
  return value.kind === "store" || (value.kind === "cell" && /cache/i.test(value.field));
}

function isRunByAnother(view: View, run: FunctionNode): boolean {
  const around = enclosingFunction(run);
  if (around === undefined || !ts.isCallExpression(run.parent)) return false;
  const id = view.sources.x.functionId(run);
  return view.sources.summaries
    .factsOf(around)
    .items.some(({ inline, callee }) => inline && callee.kind === "function" && callee.id === id);
}

function sequenceOf(view: View, run: FunctionNode): StateSequence {
  const member = ts.isPropertyDeclaration(run.parent) ? run.parent : run;
  const isMember = ts.isClassElement(member) && ts.isClassLike(member.parent);
  const acts = actsOf(view, run);
  const base = {
    method: isMember ? view.method(member.parent as ts.ClassLikeDeclaration, member, run) : undefined,
    name: nameOf(run),
    isSaga: isMember && isSaga(view, member),
    acts,
  };
  const withText = lazily(base, "text", () => wordsOf(run));
  return lazily(withText, "pairs", () => pairsOf(view, acts));
}

function nameOf(run: ts.Node): string | undefined {
  for (let node: ts.Node | undefined = run; node !== undefined; node = node.parent) {
    if (ts.isConstructorDeclaration(node)) return "constructor";
    const isNamed = isFunctionNode(node) || ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node);
    const name = isNamed || ts.isPropertyAssignment(node) ? memberName(node) : undefined;
    if (name !== undefined) return name;
  }
  return undefined;
}

/** A `@Saga()`, or the method that one names. */
function isSaga(view: View, member: ts.ClassElement): boolean {
  const { x } = view.sources;
  if (decoratorsOf(x, member).some(({ name }) => name === "Saga")) return true;
  const name = memberName(member);
  return (member.parent as ts.ClassLikeDeclaration).members.some((each) =>
    decoratorsOf(x, each).some(
      (facts) => facts.name === "Saga" && view.annotation(facts).options["compensate"] === name,
    ),
  );
}

/** Names and literals, without comments. */
function wordsOf(node: ts.Node): string {
  const words: string[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isIdentifier(each) || ts.isPrivateIdentifier(each) || ts.isStringLiteralLike(each)) words.push(each.text);
    else if (ts.isTemplateLiteralToken(each)) words.push(each.text);
    else ts.forEachChild(each, visit);
  };
  visit(node);
  return words.join(" ");
}

function actsOf(view: View, run: ts.Node): readonly Act[] {
  const { x, summaries } = view.sources;
  return summaries.factsOf(run).items.flatMap((item): readonly Act[] => {
    const inner = item.inline && item.callee.kind === "function" ? x.functionNode(item.callee.id) : undefined;
    if (inner !== undefined) return actsOf(view, inner);
    const site = siteOf(item.node);
    return summaries.effectsOfItem(item).flatMap((each) => {
      const effect = view.stateEffect(each);
      if (effect === undefined) return [];
      const kind = item.callee.kind === "operation" ? "operation" : "call";
      const name = kind === "operation" ? effect.operation : calleeName(item);
      return [{ kind, name, site, text: wordsOf(item.node), effect, node: item.node, path: each.path }];
    });
  });
}

function pairsOf(view: View, acts: readonly Act[]): readonly StatePair[] {
  return acts.flatMap((first, index) =>
    acts.slice(index + 1).flatMap((second) => {
      if (isSameState(first, second) || (first.node === second.node && isKnownToCallee(view, first, second))) return [];
      const nodes = whereTheyPart(first, second);
      const succession = nodes === undefined ? "never both" : successionOf(...nodes);
      if (nodes === undefined || succession === "never both") return [];
      const isTogether = succession === "together" && !isBuffered(view.sources.x, first.path.at(-1) as Item);
      return [pairOf(view, acts, first, second, nodes, isTogether)];
    }),
  );
}

/** In the function itself, or in one that a single call runs and that is given the stores. */
function whereTheyPart(first: Act, second: Act): readonly [Item["node"], Item["node"]] | undefined {
  for (const [index, { node, inline }] of first.path.entries()) {
    const other = second.path[index];
    if (other !== undefined && other.node !== node && !inline) return [node, other.node];
  }
  return undefined;
}

/** What a callee does to two stores that it knows itself is judged there, and not at each of its callers. */
function isKnownToCallee(view: View, first: Act, second: Act): boolean {
  const callee = first.path[0]?.callee;
  if (callee?.kind !== "function") return true;
  const own = view.sources.summaries.effectsOf(callee.id).filter(({ target }) => target.kind === "operation");
  const knows = (act: Act): boolean => own.some(({ path }) => path.at(-1)?.node === act.path.at(-1)?.node);
  return knows(first) && knows(second);
}

function isSameState(a: Act, b: Act): boolean {
  return stateOf(a.effect).state === stateOf(b.effect).state;
}

function pairOf(
  view: View,
  acts: readonly Act[],
  first: Act,
  second: Act,
  [before, after]: readonly [Item["node"], Item["node"]],
  isTogether: boolean,
): StatePair {
  const base = { first, second, isTogether };
  const withUndo = lazily(base, "isCompensated", () => isCompensated(acts, first, after));
  const withCommit = lazily(withUndo, "uncommittedUntil", () => uncommittedUntil(view, acts, first, second, after));
  const withFlow = lazily(withCommit, "passesOn", () => passesOn(before, after));
  const withKey = lazily(withFlow, "sharesKey", () => {
    const [a, b] = [variablesIn(argumentsOf(before)), variablesIn(argumentsOf(after))];
    return a.size === 0 || b.size === 0 ? undefined : meet(a, b);
  });
  return lazily(withKey, "sharesValue", () => ({
    first: meet(variablesIn(valuesOf(before)), variablesIn(argumentsOf(after))),
    second: meet(variablesIn(valuesOf(after)), variablesIn(argumentsOf(before))),
  }));
}

/** Of the whole chain: `users.where({ id }).update({ name })` is given a key as well as a value. */
function argumentsOf(node: ts.Expression): readonly ts.Expression[] {
  if (ts.isPropertyAccessExpression(node) || ts.isNonNullExpression(node)) return argumentsOf(node.expression);
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node) && !ts.isTaggedTemplateExpression(node)) return [];
  return [...argumentsOf(calledIn(node)), ...givenTo(node)];
}

/** All but the key; a single argument holds both. */
function valuesOf(node: Item["node"]): readonly ts.Expression[] {
  const given = givenTo(node);
  return given.length > 1 ? given.slice(1) : given;
}

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((name) => b.has(name));
}

/** Something changes the first's state when the second fails, or is named after what it undoes. */
function isCompensated(acts: readonly Act[], first: Act, second: ts.Node): boolean {
  return handlersAround(second).some(
    (handler) =>
      acts.some((act) => contains(handler, act.node) && isSameState(act, first) && act.effect.access !== "read") ||
      callsUndo(handler),
  );
}

const undoing = /^(?:undo|compensate|rollback|revert|cancel|refund|restore|release)/i;

function callsUndo(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) {
    const { expression } = node;
    const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    if (ts.isIdentifier(name) && undoing.test(name.text)) return true;
  }
  return ts.forEachChild(node, (child) => callsUndo(child) || undefined) ?? false;
}

const transactions = /(?:transaction|tx|begin)$/i;

function uncommittedUntil(
  view: View,
  acts: readonly Act[],
  first: Act,
  second: Act,
  after: ts.Node,
): StatePair["uncommittedUntil"] {
  for (
    let node: ts.Node | undefined = first.node;
    first.node !== second.node && node !== undefined;
    node = node.parent
  ) {
    const call = isFunctionNode(node) ? node.parent : undefined;
    if (call === undefined || !ts.isCallExpression(call) || !contains(node, after)) continue;
    const callee = view.sources.x.evaluate(call.expression);
    if (callee.kind !== "store" || !transactions.test(callee.chain.at(-1) ?? "")) continue;
    if (view.store(callee.id) === stateOf(first.effect).state) return siteOf(call);
  }
  const commit = acts
    .slice(acts.indexOf(second) + 1)
    .find(
      ({ effect }) => "store" in effect && effect.action === "commit" && effect.store === stateOf(first.effect).state,
    );
  return commit?.site;
}
