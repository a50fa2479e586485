import { ts } from "ts-morph";
import { substitute } from "../extract/calls.js";
import { functionOf } from "../extract/class-members.js";
import { calleeName, type Item } from "../extract/functions.js";
import { accessOf } from "../extract/operation-names.js";
import { isMarked, markedStore, markOf } from "../extract/read-models.js";
import { candidatesFor, responsibilityOf } from "../extract/responsibilities.js";
import { type FunctionNode, isFunctionNode, memberName } from "../extract/scopes.js";
import { type Use, usesOf, usesOfParameter } from "../extract/uses.js";
import type { FunctionId, Value } from "../extract/values.js";
import type { CallSite, Site } from "../model.js";
import { siteOf } from "../sites.js";
import type { View } from "./view.js";

/** A read of a read model on which a command decides. */
export interface ProjectionRead {
  /** The command's name. */
  readonly command: string;
  /** The read, or the call in the command that leads to it. */
  readonly site: Site;
  /** What is read: a cell or a store, or a class of which a method is asked. */
  readonly readModel: string;
  /** Where it is said that this is a read model. */
  readonly mark: Site;
  /** The read itself. */
  readonly read: Site;
  /** Calls between the command and the read, outermost first. */
  readonly through: readonly CallSite[];
}

/** A call of a function on the way to a read. */
interface Frame {
  readonly item: Item;
  readonly id: FunctionId;
}

interface Read {
  readonly node: ts.CallExpression;
  readonly frames: readonly Frame[];
  readonly mark: ts.Node;
  readonly readModel: string;
}

export function projectionReadsOf(view: View, owner: ts.ClassLikeDeclaration): readonly ProjectionRead[] {
  const { x } = view.sources;
  return candidatesFor(x, owner, "command").flatMap((member) => {
    const run = functionOf(member);
    if (run === undefined || responsibilityOf(x, member)?.kind !== "command") return [];
    const reads = readsIn(view, run).filter(({ node, frames }) => decidesFor(view, node, frames));
    const found = reads.map((read) => ({ at: siteNode(read), read }));
    return found
      .filter(({ at }, index) => found.findIndex((each) => each.at === at) === index)
      .map(({ at, read: { node, frames, mark, readModel } }) => ({
        command: memberName(member) ?? "the method",
        site: siteOf(at),
        readModel,
        mark: siteOf((mark as ts.NamedDeclaration).name ?? mark),
        read: siteOf(node),
        through: frames.flatMap(({ item }) =>
          item.inline ? [] : [{ name: calleeName(item), site: siteOf(item.node) }],
        ),
      }));
  });
}

/** In the command's own body; callbacks written in place belong to it. */
function siteNode({ node, frames }: Read): ts.Node {
  return frames.find(({ item }) => !item.inline)?.item.node ?? node;
}

/** A command that leads to more calls than these is not looked at further. */
const mostCalls = 2000;

function readsIn(view: View, run: ts.Node): readonly Read[] {
  const { x, summaries } = view.sources;
  const found: Read[] = [];
  let calls = 0;
  const visit = (node: ts.Node, frames: readonly Frame[]): void => {
    found.push(...storeReads(view, node, frames));
    for (const item of summaries.factsOf(node).items) {
      if (calls++ > mostCalls) return;
      const callee = frames.reduceRight<Value>(
        (value, { id, item: { args } }) => substitute(x, value, id, args),
        item.callee,
      );
      const read = readOf(view, item, callee, frames);
      if (read !== undefined) found.push(read);
      if (callee.kind !== "function" || frames.some(({ id }) => id === callee.id)) continue;
      const body = x.functionNode(callee.id);
      if (body !== undefined) visit(body, [...frames, { item, id: callee.id }]);
    }
  };
  visit(run, []);
  return found;
}

function readOf(view: View, item: Item, callee: Value, frames: readonly Frame[]): Read | undefined {
  const { x } = view.sources;
  if (!ts.isCallExpression(item.node)) return undefined;
  if (callee.kind === "operation") {
    const mark = callee.cell.kind === "cell" && accessOf(callee.name) !== "read" ? undefined : markOf(x, callee.cell);
    const name = callee.cell.kind === "cell" ? callee.cell.field : mark && memberName(mark);
    return mark && { node: item.node, frames, mark, readModel: name ?? "the store" };
  }
  const run = callee.kind === "function" ? x.functionNode(callee.id) : undefined;
  const owner = run && classOf(run);
  if (owner === undefined || !isMarked(x, owner)) return undefined;
  return { node: item.node, frames, mark: owner, readModel: owner.name?.text ?? calleeName(item) };
}

function classOf(run: FunctionNode): ts.ClassLikeDeclaration | undefined {
  const member = ts.isPropertyDeclaration(run.parent) ? run.parent : run;
  return ts.isClassLike(member.parent) && !ts.isConstructorDeclaration(member) ? member.parent : undefined;
}

/** Calls of a store that is marked and has no level, so that nothing else follows it. */
function storeReads(view: View, run: ts.Node, frames: readonly Frame[]): readonly Read[] {
  const { x } = view.sources;
  const found: Read[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && node !== run) return;
    const mark = ts.isCallExpression(node) && !isWriting(node) ? markedStore(x, node) : undefined;
    if (mark !== undefined) {
      found.push({ node: node as ts.CallExpression, frames, mark, readModel: memberName(mark) ?? "the store" });
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(run);
  return found;
}

const writing = /^(?:set|put|save|store|insert|upsert|update|delete|del|remove|write|index|append|publish|send|clear)/;

function isWriting({ expression }: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(expression) && writing.test(expression.name.text);
}

/** Whether the command acts by the value, be it in the function that reads, or where that returns to. */
function decidesFor(view: View, node: ts.Node, frames: readonly Frame[]): boolean {
  const last = frames.at(-1);
  return usesOf(view.sources.x, node).some((use) => {
    if (use.kind === "returned") return use.from === last?.id && decidesFor(view, last.item.node, frames.slice(0, -1));
    return decides(view, use, new Set());
  });
}

function decides(view: View, use: Use, seen: Set<string>): boolean {
  if (use.kind === "decides") return use.by !== "unknown";
  if (use.kind !== "argument" || seen.has(`${use.of} ${use.index}`)) return false;
  seen.add(`${use.of} ${use.index}`);
  const { x } = view.sources;
  const parameter = x.functionNode(use.of)?.parameters[use.index];
  return parameter !== undefined && usesOfParameter(x, parameter).some((each) => decides(view, each, seen));
}
