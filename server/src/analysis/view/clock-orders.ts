import { ts } from "ts-morph";
import { givenTo } from "../extract/call-nodes.js";
import { accessOf } from "../extract/operation-names.js";
import {
  enclosingFunction,
  type FunctionNode,
  isFunctionNode,
  lookUp,
  memberName,
  skipOuter,
} from "../extract/scopes.js";
import { assignmentsIn } from "../flow/inputs.js";
import type { Site } from "../model.js";
import { remembered } from "../remembered.js";
import { siteOf } from "../sites.js";
import { cellsBehind } from "./cell-origins.js";
import { comparedParameters } from "./compared.js";
import { bare, type Comparison, comparisonsIn, rootOf, stampOf } from "./comparisons.js";
import { eventsHoldClock } from "./event-clocks.js";
import { isFolded } from "./folded.js";
import { holdsClock, isDateMember } from "./held-clocks.js";
import { KeptByUnit } from "./kept.js";
import { type GivenMerge, mergesOf, placeOf, wallClockMergesOf } from "./merges.js";
import type { View } from "./view.js";
import { isWallClock, memberValues } from "./wall-clocks.js";

/** Something that goes by times which the clocks of different nodes have given. */
export interface ClockOrder {
  readonly kind: "merge" | "change" | "sort" | "pick";
  /** The cells; of events that come from elsewhere none. */
  readonly names: readonly string[];
  /** The member that holds the time. */
  readonly member: string;
  /** The comparison; for a sort the call. */
  readonly site: Site;
  /** The merge function as its option has it, where it keeps the later value whole. */
  readonly lastWriterWins: Site | undefined;
  /** The cell is a log, which has an order of its own. */
  readonly isLog: boolean;
}

export function clockOrdersOf(
  view: View,
  tree: ts.SourceFile,
  classes: readonly ts.ClassLikeDeclaration[],
): readonly ClockOrder[] {
  const inMerges = classes
    .flatMap((owner) => mergesOf(view, owner).map((each) => ({ owner, each })))
    .flatMap(({ owner, each }) => inMerge(view, tree, owner, each) ?? []);
  const byPolicy = classes.flatMap((owner) => wallClockMergesOf(view, owner).map(ofPolicy));
  const elsewhere = kept.of(view.sources, tree, ({ node }) => {
    const { sorts, picks } = callsIn(node);
    return [
      ...sorts.flatMap((call) => inSort(view, call) ?? []),
      ...picks.flatMap((call) => inPick(view, call) ?? []),
      ...comparisonsIn(node).flatMap((each) => inChange(view, each) ?? inSearch(view, node, each) ?? []),
    ];
  });
  const seen = new Set<string>();
  return [...inMerges, ...byPolicy, ...elsewhere].filter(({ site }) => {
    const key = JSON.stringify(site.range.start);
    return !seen.has(key) && seen.add(key);
  });
}

const kept = new KeptByUnit<ClockOrder>();

function inMerge(
  view: View,
  tree: ts.SourceFile,
  owner: ts.ClassLikeDeclaration,
  given: GivenMerge,
): ClockOrder | undefined {
  const { sources } = view;
  const declaredIn = sources.x.classId(owner);
  const fields = given.field === undefined ? owner.members.filter(ts.isPropertyDeclaration) : [given.field];
  const names = fields.flatMap((each) => memberName(each) ?? []);
  const compared = comparedParameters(view, given.node).find(
    ({ member }) =>
      names.some((field) => holdsClock(sources, { declaredIn, field }, member)) ||
      given.node.parameters.some(({ type }) => type !== undefined && isDateMember(sources, type, member)),
  );
  if (compared === undefined) return undefined;
  const isHere = placeOf(tree, given) === given.node;
  return {
    kind: "merge",
    names: [given.name],
    member: compared.member,
    site: siteOf(isHere ? compared.node : given.reference),
    lastWriterWins: isHere && keepsLater(given.node, compared.node, compared) ? siteOf(given.reference) : undefined,
    isLog: false,
  };
}

function ofPolicy({ name, reference }: Pick<GivenMerge, "name" | "reference">): ClockOrder {
  const site = siteOf(reference);
  return { kind: "merge", names: [name], member: "wallClock", site, lastWriterWins: site, isLog: false };
}

/** The function does nothing but to return the one with the later time. */
function keepsLater(
  owner: FunctionNode,
  comparison: ts.Node,
  {
    left,
    right,
    leftIsLater,
  }: { readonly left: number; readonly right: number; readonly leftIsLater: boolean | undefined },
): boolean {
  const choice = choiceOf(owner);
  if (choice === undefined || leftIsLater === undefined || skipOuter(choice.condition) !== comparison) return false;
  const isParameter = (node: ts.Expression, index: number): boolean => {
    const root = ts.isIdentifier(skipOuter(node)) ? rootOf(node) : undefined;
    return root !== undefined && root === owner.parameters[index];
  };
  const [later, earlier] = leftIsLater ? [left, right] : [right, left];
  return isParameter(choice.whenTrue, later) && isParameter(choice.whenFalse, earlier);
}

interface Choice {
  readonly condition: ts.Expression;
  readonly whenTrue: ts.Expression;
  readonly whenFalse: ts.Expression;
}

/** `c ? a : b`, or `if (c) return a; return b;` */
function choiceOf({ body }: FunctionNode): Choice | undefined {
  if (body === undefined) return undefined;
  if (!ts.isBlock(body)) {
    const node = skipOuter(body);
    return ts.isConditionalExpression(node) ? node : undefined;
  }
  const [first, second] = body.statements;
  if (first === undefined || body.statements.length > 2) return undefined;
  if (ts.isReturnStatement(first) && first.expression !== undefined && second === undefined) {
    const node = skipOuter(first.expression);
    return ts.isConditionalExpression(node) ? node : undefined;
  }
  const whenTrue = ts.isIfStatement(first) ? returned(first.thenStatement) : undefined;
  const whenFalse = ts.isIfStatement(first) ? returned(first.elseStatement ?? second) : undefined;
  if (!ts.isIfStatement(first) || whenTrue === undefined || whenFalse === undefined) return undefined;
  return { condition: first.expression, whenTrue, whenFalse };
}

function returned(node: ts.Statement | undefined): ts.Expression | undefined {
  if (node === undefined) return undefined;
  const statement = ts.isBlock(node) && node.statements.length === 1 ? node.statements[0] : node;
  return statement !== undefined && ts.isReturnStatement(statement) ? statement.expression : undefined;
}

interface Calls {
  readonly sorts: readonly ts.CallExpression[];
  readonly picks: readonly ts.CallExpression[];
}

const calls = new WeakMap<ts.Node, Calls>();

function callsIn(unit: ts.Node): Calls {
  return remembered(calls, unit, () => {
    const sorts: ts.CallExpression[] = [];
    const picks: ts.CallExpression[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.arguments.length > 0) {
        const name = node.expression.name.text;
        if (name === "sort" || name === "toSorted") sorts.push(node);
        else if (name === "reduce") picks.push(node);
      }
      ts.forEachChild(node, visit);
    };
    visit(unit);
    return { sorts, picks };
  });
}

/** Events are put in the order of their times, and state is made of them in that order. */
function inSort(view: View, call: ts.CallExpression): ClockOrder | undefined {
  const compared = comparedByCallback(view, call);
  if (compared === undefined || !isFolded(view.sources, call)) return undefined;
  return ofCollection(view, call, compared.member, { kind: "sort", site: siteOf(call) });
}

/** Of several values the one with the latest time is taken. */
function inPick(view: View, call: ts.CallExpression): ClockOrder | undefined {
  const compared = comparedByCallback(view, call);
  return compared && ofCollection(view, call, compared.member, { kind: "pick", site: siteOf(compared.node) });
}

function comparedByCallback(
  view: View,
  call: ts.CallExpression,
): ReturnType<typeof comparedParameters>[number] | undefined {
  const [callback] = call.arguments;
  const value = callback && view.sources.x.evaluate(callback);
  const node = value?.kind === "function" ? view.sources.x.functionNode(value.id) : undefined;
  const compared = node && comparedParameters(view, node)[0];
  if (compared === undefined || callback === undefined) return undefined;
  return node === skipOuter(callback) ? compared : { ...compared, node: callback };
}

function ofCollection(
  view: View,
  call: ts.CallExpression,
  member: string,
  order: Pick<ClockOrder, "kind" | "site">,
): ClockOrder | undefined {
  const { sources } = view;
  const receiver = ts.isPropertyAccessExpression(call.expression) ? call.expression.expression : call.expression;
  const cells = cellsBehind(sources, receiver).filter((cell) => holdsClock(sources, cell, member));
  if (cells.length > 0) {
    const names = [...new Set(cells.map(({ field }) => field))];
    const isLog = cells.every((cell) => view.cell(cell.receiver, cell.declaredIn, cell.field)?.dataType === "log");
    return { ...order, names, member, lastWriterWins: undefined, isLog };
  }
  const type = declaredType(receiver);
  if (type === undefined || !eventsHoldClock(sources, type, member)) return undefined;
  return { ...order, names: [], member, lastWriterWins: undefined, isLog: false };
}

/** The declared type of the variable that an array was copied from. */
function declaredType(given: ts.Expression): ts.TypeNode | undefined {
  const node = skipOuter(given);
  if (ts.isArrayLiteralExpression(node)) {
    const spread = node.elements.find(ts.isSpreadElement);
    return spread && declaredType(spread.expression);
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression))
    return declaredType(node.expression.expression);
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  if (declaration === undefined || !(ts.isParameter(declaration) || ts.isVariableDeclaration(declaration)))
    return undefined;
  return (
    declaration.type ??
    (ts.isVariableDeclaration(declaration) && declaration.initializer
      ? declaredType(declaration.initializer)
      : undefined)
  );
}

/** What a cell holds stays, or is replaced, by whose time is later: in an update, or before a write. */
function inChange(view: View, { node, left, right }: Comparison): ClockOrder | undefined {
  return ofSides(view, node, left, right) ?? ofSides(view, node, right, left);
}

function ofSides(view: View, node: ts.Node, held: ts.Expression, given: ts.Expression): ClockOrder | undefined {
  const stamp = stampOf(held);
  if (stamp === undefined) return undefined;
  const { sources } = view;
  const [cell] = cellsBehind(sources, bare(held));
  if (cell === undefined) return undefined;
  const other = stampOf(given);
  if (other !== undefined && (other.member !== stamp.member || other.root === stamp.root)) return undefined;
  const written = writesAround(view, node, cell);
  const isWritten = written.some(
    (each) =>
      memberValues(sources, each, stamp.member).some((value) => value.getText() === bare(given).getText()) ||
      (other !== undefined && mentions(each, other.root)),
  );
  if (!isWritten || !(holdsClock(sources, cell, stamp.member) || isWallClock(sources, given))) return undefined;
  return {
    kind: "change",
    names: [cell.field],
    member: stamp.member,
    site: siteOf(node),
    lastWriterWins: undefined,
    isLog: false,
  };
}

/** `if (each.at > latest.at) latest = each;` */
function inSearch(view: View, unit: ts.Node, { node, left, right }: Comparison): ClockOrder | undefined {
  const [a, b] = [stampOf(left), stampOf(right)];
  if (a === undefined || b === undefined || a.member !== b.member || a.root === b.root) return undefined;
  const takes = (to: ts.Node, from: ts.Node): boolean =>
    assignmentsIn(unit).some(
      (each) => ts.isIdentifier(each.left) && rootOf(each.left) === to && mentions(each.right, from),
    );
  if (!takes(a.root, b.root) && !takes(b.root, a.root)) return undefined;
  const cells = [left, right].flatMap((each) => cellsBehind(view.sources, bare(each)));
  const cell = cells.find((each) => holdsClock(view.sources, each, a.member));
  if (cell === undefined) return undefined;
  return {
    kind: "pick",
    names: [cell.field],
    member: a.member,
    site: siteOf(node),
    lastWriterWins: undefined,
    isLog: false,
  };
}

/** What the function around, and the ones around that, write into the cell. */
function writesAround(
  view: View,
  node: ts.Node,
  cell: { readonly declaredIn: string; readonly field: string },
): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  for (let around = enclosingFunction(node); around !== undefined; around = enclosingFunction(around)) {
    for (const { callee, node: call } of view.sources.summaries.factsOf(around).items) {
      if (callee.kind !== "operation" || callee.cell.kind !== "cell" || accessOf(callee.name) === "read") continue;
      if (callee.cell.declaredIn === cell.declaredIn && callee.cell.field === cell.field) found.push(...givenTo(call));
    }
  }
  return found;
}

/** The value of a variable goes in: not the mere condition of what goes in. */
function mentions(given: ts.Node, root: ts.Node, depth = 4): boolean {
  if (ts.isIdentifier(given)) {
    const declaration = lookUp(given.text, given);
    if (declaration === root || declaration === undefined || depth === 0) return declaration === root;
    const initial = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return initial !== undefined && mentions(initial, root, depth - 1);
  }
  if (isFunctionNode(given) && given.parameters.some((each) => each === root)) return false;
  if (ts.isPropertyAccessExpression(given)) return false;
  if (ts.isConditionalExpression(given))
    return mentions(given.whenTrue, root, depth) || mentions(given.whenFalse, root, depth);
  return ts.forEachChild(given, (child) => mentions(child, root, depth) || undefined) ?? false;
}
