import { ts } from "ts-morph";
import { cellLevel, leavesOut } from "../extract/annotations.js";
import { calledIn, givenTo } from "../extract/call-nodes.js";
import type { Item } from "../extract/functions.js";
import { enclosingFunction, lookUp, skipOuter } from "../extract/scopes.js";
import { ambientOf } from "../flow/ambient.js";
import { cellKey, type Usage } from "../flow/usages.js";
import type { Cell, Site } from "../model.js";
import { nodeOf, siteOf } from "../sites.js";
import { nameOf } from "./failures/handlers.js";
import { keyIdentity } from "./identities.js";
import { KeptByUnit } from "./kept.js";
import { successionOf } from "./succession.js";
import type { View } from "./view.js";

/** A key of a map is deleted, while others may update it. */
export interface Deletion {
  readonly cell: Cell;
  /** The delete, or the call that passes the map to a function that deletes. */
  readonly site: Site;
  readonly through: string | undefined;
  readonly within: string | undefined;
  /** What may happen to the same key at the same time, and is no insertion of a new one. */
  readonly updates: readonly KeyUpdate[];
  /** Options of its level say whether an update or a delete wins. */
  readonly choosesConflict: boolean;
}

export interface KeyUpdate {
  readonly operation: string;
  readonly site: Site;
  readonly within: string | undefined;
}

/** Every delete in a file, on maps of whatever level. */
export function deletionsOf(view: View, tree: ts.SourceFile): readonly Deletion[] {
  return kept.of(view.sources, tree, (_, { usages }) => usages.flatMap((usage) => deletionAt(view, usage) ?? []));
}

const kept = new KeptByUnit<Deletion>();

function deletionAt(view: View, { item }: Usage): Deletion | undefined {
  const { callee } = item;
  if (callee.kind === "operation") return callee.name === "delete" ? deletionOf(view, item, item) : undefined;
  if (callee.kind !== "function" || item.inline) return undefined;
  // `forget(this.profiles, id)`: the function deletes from what it is given, whatever that is.
  for (const { path, target } of view.sources.summaries.effectsOfItem(item)) {
    const [, inner, ...deeper] = path;
    if (inner?.callee.kind !== "parameter" || deeper.length > 0) continue;
    if (target.kind === "operation" && target.name === "delete") return deletionOf(view, item, inner);
  }
  return undefined;
}

function deletionOf(view: View, item: Item, deleting: Item): Deletion | undefined {
  const { x, summaries, usages } = view.sources;
  const effect = summaries
    .effectsOfItem(item)
    .find(({ path, target }) => path.at(-1) === deleting && target.kind === "operation");
  const cell = effect && view.cellEffect(effect)?.cell;
  const key = effect && cellKey(effect.target);
  if (effect === undefined || cell?.dataType !== "map" || key === undefined) return undefined;
  const { target } = effect;
  const receiver = target.kind === "operation" && target.cell.kind === "cell" ? target.cell.receiver : "";
  const field = nodeOf(cell.site)?.parent;
  const level = field && cellLevel(x, receiver, field);
  const updates = usages.ofCell(key).filter((usage) => mayMeet(view, effect.path, usage));
  for (const { file } of updates) x.reads.noteFile(file);
  return {
    cell,
    site: siteOf(item.node),
    through: item === deleting ? undefined : calledIn(item.node).getText(),
    within: nameOf(item.node),
    updates: updates.map(({ item: update }) => ({
      operation: update.callee.kind === "operation" ? update.callee.name : "",
      site: siteOf(update.node),
      within: nameOf(update.node),
    })),
    choosesConflict: level === undefined || !leavesOut(x, level.call, "conflict"),
  };
}

function mayMeet(view: View, path: readonly Item[], { item }: Usage): boolean {
  const { callee, node } = item;
  if (callee.kind !== "operation" || (callee.name !== "put" && callee.name !== "update")) return false;
  const deleting = path[0]?.node;
  const last = path.at(-1);
  const deleted = last && givenTo(last.node)[0];
  const [updated] = givenTo(node);
  if (deleting === undefined || deleted === undefined || updated === undefined) return false;
  if (callee.name === "put" && isInsertion(view, item)) return false;
  if (runOf(deleting) === runOf(node)) return isOtherCall(view, path, deleting, item);
  return !areApart(keyText(view, deleted), keyText(view, updated));
}

/** The function that a node runs in, by itself or in callbacks. */
function runOf(node: ts.Node): ts.Node | undefined {
  const around = enclosingFunction(node);
  if (around === undefined) return undefined;
  const isCallback = ts.isCallExpression(around.parent) || ts.isParenthesizedExpression(around.parent);
  return (isCallback ? runOf(around) : undefined) ?? around;
}

function outermost(node: ts.Node): ts.Node | undefined {
  const around = enclosingFunction(node);
  return around === undefined ? undefined : (outermost(around) ?? around);
}

/** In one function the names tell whether it is the same key; what it does one after the other does not meet. */
function isOtherCall(view: View, path: readonly Item[], deleting: ts.Node, item: Item): boolean {
  const { x } = view.sources;
  const [a, b] = [keyIdentity(x, path), keyIdentity(x, [item])];
  if (a === undefined || a !== b || runOf(deleting) === undefined) return false;
  const [first, second] = deleting.pos < item.node.pos ? [deleting, item.node] : [item.node, deleting];
  return successionOf(first, second) !== "then";
}

interface KeyText {
  readonly text: string;
  /** Something follows that is not known. */
  readonly isPrefix: boolean;
}

function keyText(view: View, key: ts.Expression): KeyText {
  const node = skipOuter(key);
  const value = view.sources.x.evaluate(node);
  if (value.kind === "literal") return { text: String(value.value), isPrefix: false };
  if (!ts.isTemplateExpression(node)) return { text: "", isPrefix: true };
  let { text } = node.head;
  for (const span of node.templateSpans) {
    const part = keyText(view, span.expression);
    text += part.text;
    if (part.isPrefix) return { text, isPrefix: true };
    text += span.literal.text;
  }
  return { text, isPrefix: false };
}

function areApart(a: KeyText, b: KeyText): boolean {
  if (!a.isPrefix && !b.isPrefix) return a.text !== b.text;
  const mayStartAlike = a.text.startsWith(b.text) ? b.isPrefix : b.text.startsWith(a.text) && a.isPrefix;
  return !mayStartAlike;
}

const inserting =
  /^(?:create|insert|place|register|new|open|book|enqueue|submit|sign|issue|start|schedule|import|seed)/i;

/** Nobody can have deleted the key: it is new, or was looked for and not found, or is the value's own in a `create`. */
function isInsertion(view: View, item: Item): boolean {
  const [key, value] = givenTo(item.node);
  const within = nameOf(item.node) ?? "";
  if (key === undefined || isNew(view, key) || inserting.test(within) || isAfterAbsence(view, item)) return true;
  const id = skipOuter(key);
  const isOwn =
    ts.isPropertyAccessExpression(id) && value !== undefined && id.expression.getText() === skipOuter(value).getText();
  return isOwn && /^add/i.test(within);
}

function isNew(view: View, key: ts.Expression): boolean {
  const node = skipOuter(key);
  if (ts.isTemplateExpression(node)) return node.templateSpans.some(({ expression }) => isNew(view, expression));
  if (ts.isIdentifier(node)) {
    const declaration = lookUp(node.text, node);
    const made =
      declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return made !== undefined && isNew(view, made);
  }
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) return isNewMember(view, node);
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  if (/(?:uuid|ulid|nanoid|cuid|objectid|newid|createid|generateid)/i.test(node.expression.getText())) return true;
  return ambientOf(view.sources.x, node)?.kind === "randomness";
}

/** `order.id`, of `const order = { id: crypto.randomUUID() }` */
function isNewMember(view: View, node: ts.PropertyAccessExpression): boolean {
  const owner = node.expression;
  const declaration = ts.isIdentifier(owner) ? lookUp(owner.text, owner) : undefined;
  const made = declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  const literal = made && skipOuter(made);
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return false;
  const member = literal.properties.find((each) => each.name?.getText() === node.name.text);
  if (member !== undefined && ts.isShorthandPropertyAssignment(member)) return isNew(view, member.name);
  return member !== undefined && ts.isPropertyAssignment(member) && isNew(view, member.initializer);
}

/** `if (!(await this.names.has(name))) await this.names.put(name, id)` */
function isAfterAbsence(view: View, item: Item): boolean {
  const run = outermost(item.node);
  const key = cellKey(item.callee);
  if (run === undefined) return false;
  return view.sources.flows
    .sinksOf(run)
    .some(
      ({ path, guards }) =>
        path.at(-1)?.node === item.node &&
        guards.some(
          ({ source: { origin }, test }) =>
            test === "absent" && origin.kind === "operation" && cellKey(origin.target) === key,
        ),
    );
}
