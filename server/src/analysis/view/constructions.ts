import { ts } from "ts-morph";
import { decoratorsOf } from "../extract/annotations.js";
import { isReplicatedCall } from "../extract/calls.js";
import { membersOf } from "../extract/class-members.js";
import { chainOf } from "../extract/classes.js";
import { enclosingFunction, type FunctionNode } from "../extract/scopes.js";
import { unitsOf } from "../extract/units.js";
import type { ClassId } from "../extract/values.js";
import type { Cell, Construction } from "../model.js";
import { remembered } from "../remembered.js";
import { siteOf } from "../sites.js";
import type { View } from "./view.js";

/** Where the file makes objects of replicated classes itself, other than for `replicated(…, { create })`. */
export function constructionsOf(view: View, tree: ts.SourceFile): readonly Construction[] {
  if (!tree.text.includes("new ")) return [];
  // What decorates a class is in none of its members: `@Module({ providers: [{ useFactory: () => new Account("a") }] })`.
  const decorators = tree.statements.flatMap((each) =>
    ts.canHaveDecorators(each) ? (ts.getDecorators(each) ?? []) : [],
  );
  return [...unitsOf(tree).map(({ node }) => node), ...decorators].flatMap((node) =>
    newExpressionsIn(node).flatMap((each) => constructionOf(view, each) ?? []),
  );
}

const newExpressions = new WeakMap<ts.Node, readonly ts.NewExpression[]>();

function newExpressionsIn(unit: ts.Node): readonly ts.NewExpression[] {
  return remembered(newExpressions, unit, () => {
    const found: ts.NewExpression[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isNewExpression(node)) found.push(node);
      ts.forEachChild(node, visit);
    };
    visit(unit);
    return found;
  });
}

function constructionOf(view: View, node: ts.NewExpression): Construction | undefined {
  const { x } = view.sources;
  const type = x.evaluate(node.expression);
  if (type.kind !== "class" || !isReplicated(view, type.of)) return undefined;
  const cells = cellsOf(view, type.of);
  const declaration = x.classNode(type.of);
  if (cells.length === 0 || declaration === undefined || isForOpening(view, node)) return undefined;
  return {
    owner: declaration.name?.text ?? "the class",
    declaration: siteOf(declaration.name ?? declaration),
    site: siteOf(node),
    cells,
  };
}

/** The class, or one that it extends, is annotated. */
export function isReplicated(view: View, id: ClassId): boolean {
  const { x } = view.sources;
  return chainOf(x, id).some(({ node }) => decoratorsOf(x, node).some((each) => each.name === "Replicated"));
}

/** Inherited ones too. */
export function cellsOf(view: View, id: ClassId): readonly Cell[] {
  return chainOf(view.sources.x, id).flatMap((link) =>
    [...membersOf(link.node).instance.keys()].flatMap((name) => view.cell(id, link.id, name) ?? []),
  );
}

/** It stands in the function that `create` names, or in one that this calls: what comes of it is opened. */
function isForOpening(view: View, node: ts.NewExpression): boolean {
  const { x, usages } = view.sources;
  const seen = new Set<ts.Node>();
  const visit = (run: FunctionNode | undefined): boolean => {
    if (run === undefined || seen.has(run)) return false;
    seen.add(run);
    const callers = usages.ofFunction(x.functionId(run));
    return (
      isGivenTo(run, (call) => isReplicatedCall(x, call)) ||
      callers.some(({ item }) => ts.isCallExpression(item.node) && isReplicatedCall(x, item.node)) ||
      visit(enclosingFunction(run)) ||
      callers.some(({ within }) => visit(functionOf(within.node)))
    );
  };
  return visit(enclosingFunction(node));
}

/** It is written in place, as a member of what a call is given. */
function isGivenTo(run: FunctionNode, isMeant: (call: ts.CallExpression) => boolean): boolean {
  const member = ts.isPropertyAssignment(run.parent) ? run.parent : run;
  const call = ts.isObjectLiteralExpression(member.parent) ? member.parent.parent : undefined;
  return call !== undefined && ts.isCallExpression(call) && isMeant(call);
}

function functionOf(node: ts.Node): FunctionNode | undefined {
  return ts.isFunctionLike(node) ? (node as FunctionNode) : undefined;
}
