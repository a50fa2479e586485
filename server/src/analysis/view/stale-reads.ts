import { ts } from "ts-morph";
import { isAtLeast } from "../../../../runtime/src/levels.js";
import { levelDecorator } from "../extract/annotations.js";
import { calleeName, type Item } from "../extract/functions.js";
import { accessOf } from "../extract/operation-names.js";
import { enclosingFunction, type FunctionNode, isFunctionNode, memberName, skipOuter } from "../extract/scopes.js";
import { partsOf } from "../extract/skeleton.js";
import type { CellEffect, Site } from "../model.js";
import { siteOf } from "../sites.js";
import { type ObjectAccess, objectAccess, type SessionAccess, sessionAt } from "./accesses.js";
import { consult } from "./consulted.js";
import { keyIdentity } from "./identities.js";
import { KeptByUnit } from "./kept.js";
import { successionOf } from "./succession.js";
import type { View } from "./view.js";

/** A read that follows a write of the same cell, and that nothing keeps from missing it. */
export interface StaleRead {
  readonly read: CellEffect;
  readonly write: CellEffect;
  /** The read, or the call that leads to it, in the function that knows of both. */
  readonly site: Site;
  /** The write, or the call that leads to it. */
  readonly writeSite: Site;
  /** What `site` calls, when that is not the read itself. */
  readonly call: string | undefined;
  /** Another session; the same one that has moved in between; or another replica than the one that takes writes. */
  readonly by: "session" | "move" | "replica";
  /** The function that both stand in. */
  readonly within: string | undefined;
  /** How the code names the sessions, where it makes them. */
  readonly sessions: { readonly writer: Site | undefined; readonly reader: Site | undefined };
}

interface Act {
  readonly item: Item;
  readonly path: readonly Item[];
  readonly effect: CellEffect;
}

/** Each read once, with the last write that it may miss. */
export function staleReadsOf(view: View, tree: ts.SourceFile): readonly StaleRead[] {
  const hasChecks = partsOf(tree).some(({ mentions }) => mentions.has("check"));
  const kept = hasChecks ? keptWithChecks : keptWithout;
  const found = new Map<ts.Node, StaleRead>();
  for (const { node, stale } of kept.of(view.sources, tree, (unit, { usages }) =>
    usages.length === 0 ? [] : unit.runs.flatMap((run) => staleReadsIn(view, tree, run, hasChecks)),
  ))
    if (!found.has(node)) found.set(node, stale);
  return [...found.values()];
}

const keptWithChecks = new KeptByUnit<{ readonly node: ts.Node; readonly stale: StaleRead }>();
const keptWithout: typeof keptWithChecks = new KeptByUnit();

function staleReadsIn(
  view: View,
  tree: ts.SourceFile,
  run: ts.Node,
  hasChecks: boolean,
): readonly { readonly node: ts.Node; readonly stale: StaleRead }[] {
  // What is read at the top of a file may be used all over it.
  if (!isFunctionNode(run)) consult(view.sources, tree);
  else if (!hasChecks && !reads(view, run)) return [];
  const acts = actsOf(view, run);
  return acts.flatMap((read) => {
    const stale = isWeakRead(read.effect) && isUsed(read.path) ? staleRead(view, run, acts, read) : undefined;
    return stale === undefined ? [] : [{ node: read.item.node, stale }];
  });
}

function reads(view: View, run: FunctionNode): boolean {
  const { x, summaries } = view.sources;
  return summaries
    .effectsOf(x.functionId(run))
    .some(({ target }) => target.kind === "operation" && accessOf(target.name) === "read");
}

function isWeakRead({ access, level }: CellEffect): boolean {
  return access === "read" && !isAtLeast(level, "causal");
}

/** In the order in which they are written. What a scenario checks on the way belongs to it. */
function actsOf(view: View, run: ts.Node): readonly Act[] {
  const { x, summaries } = view.sources;
  const own = summaries.factsOf(run).items.flatMap((item): readonly Act[] => {
    const inner = item.inline && item.callee.kind === "function" ? x.functionNode(item.callee.id) : undefined;
    if (inner !== undefined) return actsOf(view, inner);
    return summaries.effectsOfItem(item).flatMap((each) => {
      const effect = view.cellEffect(each, levelAround(view, run));
      return effect === undefined ? [] : [{ item, path: each.path, effect }];
    });
  });
  const checked = checksIn(view, run).flatMap((each) => actsOf(view, each));
  return checked.length === 0 ? own : [...own, ...checked].sort((a, b) => a.item.node.pos - b.item.node.pos);
}

function levelAround(view: View, run: ts.Node): CellEffect["level"] | undefined {
  const member = run.parent !== undefined && ts.isPropertyDeclaration(run.parent) ? run.parent : run;
  return isFunctionNode(run) ? levelDecorator(view.sources.x, member)?.level : undefined;
}

/** `check("…", async () => …)` of a scenario. */
function checksIn(view: View, run: ts.Node): readonly FunctionNode[] {
  const found: FunctionNode[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node)) return;
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || !/\bcheck$/.test(node.expression.getText())) return;
    const callee = view.sources.x.evaluate(node.expression);
    const callback = node.arguments[1];
    if (callee.kind !== "runtime" || callee.name !== "scenario context.check" || callback === undefined) return;
    const predicate = skipOuter(callback);
    if (isFunctionNode(predicate)) found.push(predicate);
  };
  if (isFunctionNode(run) && run.body !== undefined) ts.forEachChild(run, visit);
  return found;
}

function staleRead(view: View, run: ts.Node, acts: readonly Act[], read: Act): StaleRead | undefined {
  const earlier = acts.filter(({ effect }) => effect.access !== "read" && effect.cell.site === read.effect.cell.site);
  if (earlier.length === 0 || isPolled(read, earlier)) return undefined;
  const { x } = view.sources;
  const to = objectAccess(x, read.path);
  if (to === undefined) return undefined;
  for (const write of earlier.toReversed()) {
    if (!follows(view, write, read)) continue;
    const from = objectAccess(x, write.path);
    if (from === undefined || from.object !== to.object || areOtherKeys(view, write, read)) continue;
    const by = separation(view, run, write, read, from, to);
    if (by !== undefined && sleepsBetween(view, run, write.item.node, read.item.node)) return undefined;
    if (by !== undefined) return describe(run, write, read, by, from, to);
    // What the session has just overwritten hides what others wrote before.
    if (read.effect.cell.dataType === "register" && read.effect.level === read.effect.cellLevel) return undefined;
  }
  return undefined;
}

/** One after the other, where the code knows of both: in this function, or in one that is given the objects. */
function follows(view: View, write: Act, read: Act): boolean {
  for (const [index, { node }] of write.path.entries()) {
    const other = read.path[index];
    if (other === undefined) return false;
    if (other.node === node) continue;
    return (
      !isKnownToCallee(view, write, read, index) &&
      node.getEnd() <= other.node.getEnd() &&
      successionOf(node, other.node) === "then" &&
      !isWrittenLater(node, other.node)
    );
  }
  return false;
}

/** `b.write(await a.read())`: arguments come first. */
function isWrittenLater(write: ts.Node, read: ts.Node): boolean {
  for (let node: ts.Node | undefined = read; node !== undefined; node = node.parent) if (node === write) return true;
  return false;
}

/** What a callee does to objects that it finds itself, or that it knows to be one, is told there. */
function isKnownToCallee(view: View, write: Act, read: Act, depth: number): boolean {
  const { x } = view.sources;
  for (let index = 1; index <= depth; index++) {
    const [from, to] = [objectAccess(x, write.path.slice(index)), objectAccess(x, read.path.slice(index))];
    if (from !== undefined && from.object === to?.object) return true;
    if (from?.session !== undefined && to?.session !== undefined) return true;
  }
  return false;
}

function areOtherKeys(view: View, write: Act, read: Act): boolean {
  const { x } = view.sources;
  const [a, b] = [keyIdentity(x, write.path), keyIdentity(x, read.path)];
  const isLiteral = (key: string | undefined): boolean => key !== undefined && /^(?:"|\d)/.test(key);
  return ["map", "set"].includes(read.effect.cell.dataType) && isLiteral(a) && isLiteral(b) && a !== b;
}

function separation(
  view: View,
  run: ts.Node,
  write: Act,
  read: Act,
  from: ObjectAccess,
  to: ObjectAccess,
): StaleRead["by"] | undefined {
  const [writer, reader] = [from.session, to.session];
  if (writer !== undefined && reader !== undefined && !isSameReplica(writer, reader)) return "session";
  if (readsElsewhere(read.effect)) return "replica";
  return reader !== undefined && movesBetween(view, run, write.item.node, read.item.node, reader) ? "move" : undefined;
}

/** A region has one replica. */
function isSameReplica(a: SessionAccess, b: SessionAccess): boolean {
  return a.key === b.key || (a.region !== undefined && a.region === b.region);
}

/** A write that a leader or a majority takes is not yet at the replica that a weaker read asks. */
function readsElsewhere({ cell, cellLevel, level }: CellEffect): boolean {
  if (isAtLeast(cellLevel, "sequential")) return !isAtLeast(level, "causal");
  const mechanism = cell.annotation?.mechanism;
  if (mechanism === undefined) return false;
  const { reads, n, r, w } = mechanism.options;
  if (mechanism.name === "primaryReplica") return reads === "local";
  const isCounted = typeof n === "number" && typeof r === "number" && typeof w === "number";
  return mechanism.name === "quorum" && isCounted && r + w <= n;
}

/** `await session.moveTo("london")` between the two. */
function movesBetween(view: View, run: ts.Node, write: ts.Node, read: ts.Node, session: SessionAccess): boolean {
  const { x } = view.sources;
  return isCalledBetween(run, write, read, ({ expression }) => {
    if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== "moveTo") return false;
    return sessionAt(x, expression.expression)?.key === session.key;
  });
}

/** `await sleep(10_000)` of a scenario between the two: it gives the write time to arrive, on purpose. */
function sleepsBetween(view: View, run: ts.Node, write: ts.Node, read: ts.Node): boolean {
  const { x } = view.sources;
  return isCalledBetween(run, write, read, ({ expression }) => {
    if (!/\bsleep$/.test(expression.getText())) return false;
    const callee = x.evaluate(expression);
    return callee.kind === "runtime" && callee.name === "scenario context.sleep";
  });
}

function isCalledBetween(
  run: ts.Node,
  write: ts.Node,
  read: ts.Node,
  isMeant: (call: ts.CallExpression) => boolean,
): boolean {
  const visit = (node: ts.Node): boolean => {
    const isBetween = node.pos >= write.getEnd() && node.getEnd() <= read.getStart();
    if (isBetween && ts.isCallExpression(node) && isMeant(node))
      return successionOf(write, node) === "then" && successionOf(node, read) === "then";
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(run);
}

/** Read again and again until it is there: `while (!(await copy.has(id))) await sleep(100)`. */
function isPolled(read: Act, writes: readonly Act[]): boolean {
  const { node } = read.item;
  for (let each: ts.Node | undefined = node; each !== undefined && !isFunctionNode(each); each = each.parent) {
    const isLoop = ts.isWhileStatement(each) || ts.isDoStatement(each) || ts.isForStatement(each);
    const loop = each;
    if (isLoop && !writes.some((write) => loop.pos <= write.item.node.pos && write.item.node.end <= loop.end))
      return true;
  }
  return false;
}

/** Its value goes somewhere: into a variable that is used, a condition, an argument, or back to the caller. */
function isUsed(path: readonly Item[]): boolean {
  for (const { node } of path.toReversed()) {
    const use = useOf(node);
    if (use !== "returned") return use === "used";
  }
  return true;
}

function useOf(node: ts.Node): "used" | "dropped" | "returned" {
  let child = node;
  for (let parent = node.parent; parent !== undefined; child = parent, parent = parent.parent) {
    const isPassedOn =
      ts.isParenthesizedExpression(parent) ||
      ts.isAwaitExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isNonNullExpression(parent) ||
      (ts.isArrayLiteralExpression(parent) && ts.isCallExpression(parent.parent)) ||
      (ts.isCallExpression(parent) && /^Promise\.\w+$/.test(parent.expression.getText()));
    if (isPassedOn) continue;
    if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return "dropped";
    if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === child)) return "returned";
    if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
      return isMentioned(parent.name) ? "used" : "dropped";
    return "used";
  }
  return "used";
}

function isMentioned(name: ts.Identifier): boolean {
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name.text && node !== name) ||
    (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  return visit(enclosingFunction(name) ?? name.getSourceFile());
}

function describe(
  run: ts.Node,
  write: Act,
  read: Act,
  by: StaleRead["by"],
  from: ObjectAccess,
  to: ObjectAccess,
): StaleRead {
  const name = (session: SessionAccess | undefined): Site | undefined => session?.name && siteOf(session.name);
  return {
    read: read.effect,
    write: write.effect,
    site: siteOf(read.item.node),
    writeSite: siteOf(write.item.node),
    call: read.item.callee.kind === "operation" ? undefined : calleeName(read.item),
    by,
    within: nameAround(run),
    sessions: { writer: name(from.session), reader: name(to.session) },
  };
}

function nameAround(run: ts.Node): string | undefined {
  for (let node: ts.Node | undefined = run; node !== undefined; node = node.parent) {
    if (ts.isConstructorDeclaration(node)) return "constructor";
    const name = isFunctionNode(node) || ts.isPropertyDeclaration(node) ? memberName(node) : undefined;
    if (name !== undefined) return name;
    if (ts.isVariableDeclaration(node)) return memberName(node);
  }
  return undefined;
}
