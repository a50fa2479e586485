import { ts } from "ts-morph";
import { membersDecorated } from "../extract/annotations.js";
import { givenTo } from "../extract/call-nodes.js";
import { type FunctionNode, isFunctionNode, memberName, skipOuter } from "../extract/scopes.js";
import { resolveEntity } from "../extract/types.js";
import type { Value } from "../extract/values.js";
import type { Impurity } from "../flow/purity.js";
import type { Usage } from "../flow/usages.js";
import type { Site } from "../model.js";
import { remembered } from "../remembered.js";
import { siteOf } from "../sites.js";
import { foldsOf } from "./folds.js";
import { Kept, KeptByUnit } from "./kept.js";
import type { View } from "./view.js";

/** A function that may be run again, elsewhere, or later, and has to come to the same result. */
export interface PureFunction {
  readonly role: PureRole;
  /** The cells that are updated with it, the method's name, or that of the decider. */
  readonly names: readonly string[];
  readonly impurities: readonly FoundImpurity[];
}

export type PureRole = "update" | "invariant" | "decider" | "projection";

export interface FoundImpurity {
  readonly kind: Impurity["kind"];
  /** `Date.now()`; for a mutation what is changed: `current.items`. */
  readonly name: string;
  /** In this file: the expression, the call that leads to it, or the name of a function that is declared elsewhere. */
  readonly site: Site;
  /** The expression, wherever it stands. */
  readonly source: Site;
  readonly through: readonly string[];
}

/** A function in a role, as the file names or writes it. */
interface Given {
  readonly role: PureRole;
  readonly name: string;
  readonly node: FunctionNode;
  /** Where the file refers to it. */
  readonly reference: ts.Node;
}

/** The impure ones among the functions of a file that have to be pure; merge functions have a rule of their own. */
export function impureFunctionsOf(
  view: View,
  tree: ts.SourceFile,
  classes: readonly ts.ClassLikeDeclaration[],
): readonly PureFunction[] {
  const given = [
    ...updatesOf(view, tree),
    ...classes.flatMap((each) => invariantsOf(view, each)),
    ...foldsOf(view, tree).map((fold) => ({ ...fold, reference: fold.reference ?? fold.node })),
  ];
  return foundIn(view, tree, given);
}

function foundIn(view: View, tree: ts.SourceFile, given: readonly Given[]): readonly PureFunction[] {
  const byPlace = new Map<ts.Node, { readonly first: Given; readonly names: Set<string> }>();
  for (const each of given) {
    const place = each.node.getSourceFile() === tree ? each.node : each.reference;
    remembered(byPlace, place, () => ({ first: each, names: new Set<string>() })).names.add(each.name);
  }
  return [...byPlace.values()].flatMap(({ first, names }) => {
    const impurities = keptImpurities.of(view.sources, first, () => impuritiesOf(view, tree, first));
    return impurities.length === 0 ? [] : [{ role: first.role, names: [...names], impurities }];
  });
}

/** One for each expression of this file; those of a function declared elsewhere all meet in the name of it. */
function impuritiesOf(view: View, tree: ts.SourceFile, given: Given): readonly FoundImpurity[] {
  const isHere = given.node.getSourceFile() === tree;
  const folds = given.role === "decider" || given.role === "projection";
  const impurities = view.purity
    .of(given.node)
    // Events are looked after by `no-event-mutation`.
    .filter(({ changed }) => !folds || changed === undefined || changed.parameter === 0);
  const found = impurities.map(
    (each): FoundImpurity => ({
      kind: each.kind,
      name: each.name,
      site: siteOf(isHere ? each.node : given.reference),
      source: siteOf(each.source),
      through: isHere ? each.through : [nameOf(given.reference), ...each.through],
    }),
  );
  return isHere ? found : found.slice(0, 1);
}

function nameOf(node: ts.Node): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isCallExpression(node) ? nameOf(node.expression) : "the function";
}

function updatesOf(view: View, tree: ts.SourceFile): readonly Given[] {
  if (!tree.text.includes("update")) return [];
  return keptUpdates.of(view.sources, tree, (_, { usages }) =>
    usages.flatMap((usage) => impureUpdateOf(view, usage) ?? []),
  );
}

const keptUpdates = new KeptByUnit<Given>();
const keptImpurities = new Kept<Given, readonly FoundImpurity[]>();

/** Most are pure, which need not be compared with one another. */
function impureUpdateOf(view: View, usage: Usage): Given | undefined {
  const given = updateOf(view, usage);
  return given === undefined || view.purity.of(given.node).length === 0 ? undefined : given;
}

function updateOf(view: View, { item }: Usage): Given | undefined {
  const name = updatedCell(view, item.callee, item.node);
  if (name === undefined) return undefined;
  const index = item.args.findLastIndex((each) => each.kind === "function");
  const value = item.args[index];
  const reference = givenTo(item.node)[index];
  const node = value?.kind === "function" ? view.sources.x.functionNode(value.id) : undefined;
  return node === undefined || reference === undefined
    ? undefined
    : { role: "update", name, node, reference: skipOuter(reference) };
}

/** The name of the cell that a call updates; of one that the caller passes, the parameter's. */
function updatedCell(view: View, callee: Value, node: ts.Node): string | undefined {
  if (callee.kind === "operation" && callee.name === "update")
    return callee.cell.kind === "cell" ? callee.cell.field : "the cell";
  if (callee.kind !== "parameter" || callee.path.at(-1) !== "update" || callee.path.length > 1) return undefined;
  const parameter = view.sources.x.functionNode(callee.of)?.parameters[callee.index];
  const type = parameter?.type;
  if (type === undefined || !ts.isTypeReferenceNode(type) || !ts.isCallExpression(node)) return undefined;
  const target = resolveEntity(view.sources.x, type.typeName);
  const isCell = target?.kind === "runtime" && (target.name === "Register" || target.name === "ReplicatedMap");
  return isCell ? parameter?.name.getText() : undefined;
}

function invariantsOf(view: View, owner: ts.ClassLikeDeclaration): readonly Given[] {
  return membersDecorated(view.sources.x, owner, "Invariant").flatMap((member) => {
    const node = ts.isPropertyDeclaration(member) ? member.initializer : member;
    if (node === undefined || !isFunctionNode(node) || node.body === undefined) return [];
    return [{ role: "invariant", name: memberName(member) ?? "it", node, reference: node } as const];
  });
}
