import { ts } from "ts-morph";
import { isAssignment, isStep } from "../extract/assignments.js";
import { isEventDeclaration, partsOfType } from "../extract/event-types.js";
import type { Extraction } from "../extract/extraction.js";
import { enclosingFunction, lookUp, skipOuter } from "../extract/scopes.js";
import { unitsOf } from "../extract/units.js";
import type { Site } from "../model.js";
import { remembered } from "../remembered.js";
import { siteOf } from "../sites.js";
import type { FileEvents } from "./event-members.js";

/** A change of an event that was made before. */
export interface EventChange {
  /** The event as the code has it: `event`, `events[0]`. */
  readonly event: string;
  /** What is changed of it: `event.amount`, `event.items`. */
  readonly target: string;
  readonly site: Site;
}

interface Mutation {
  readonly node: ts.Node;
  /** What gets another value, or is changed in place. */
  readonly target: ts.Expression;
  readonly inPlace: boolean;
}

export function eventChangesOf(x: Extraction, tree: ts.SourceFile, events: FileEvents): readonly EventChange[] {
  const mutations = unitsOf(tree).flatMap(({ node }) => mutationsIn(node));
  if (mutations.length === 0) return [];
  const used = partsUsed(x, events);
  const isEvent = (node: ts.Expression): boolean =>
    x.types
      .declarationsOf(node)
      .some((each) =>
        typeof each === "string" ? each === "Event" : used.has(each) || isEventDeclaration(x, declarationOf(each)),
      );
  return mutations.flatMap(({ node, target, inPlace }) => {
    const event = objectsIn(target, inPlace).find((each) => !isOwnMaking(each) && isEvent(each));
    return event === undefined ? [] : [{ event: event.getText(), target: target.getText(), site: siteOf(node) }];
  });
}

/** The alias that a literal is a part of. */
function declarationOf(node: ts.Node): ts.Node {
  let alias = node;
  while (ts.isTypeNode(alias)) alias = alias.parent;
  return ts.isTypeLiteralNode(node) ? alias : node;
}

/** What the types that deciders and projections use are declared as, wherever that is. */
function partsUsed(x: Extraction, { used }: FileEvents): ReadonlySet<ts.Node> {
  const found = new Set<ts.Node>();
  for (const type of used) partsOfType(x, type, (part) => found.add(part));
  return found;
}

const mutations = new WeakMap<ts.Node, readonly Mutation[]>();

function mutationsIn(unit: ts.Node): readonly Mutation[] {
  return remembered(mutations, unit, () => {
    const found: Mutation[] = [];
    const visit = (node: ts.Node): void => {
      found.push(...mutationsOf(node));
      ts.forEachChild(node, visit);
    };
    visit(unit);
    return found;
  });
}

function mutationsOf(node: ts.Node): readonly Mutation[] {
  if (isAssignment(node)) return targetsOf(node.left).map((target) => ({ node, target, inPlace: false }));
  if (isStep(node)) return [{ node, target: skipOuter(node.operand), inPlace: false }];
  if (ts.isDeleteExpression(node)) return [{ node, target: skipOuter(node.expression), inPlace: false }];
  const changed = ts.isCallExpression(node) ? changedBy(node) : undefined;
  return changed === undefined ? [] : [{ node, target: skipOuter(changed), inPlace: true }];
}

/** `[event.a, ...event.b] = …` and `({ a: event.a = 1 } = …)` */
function targetsOf(given: ts.Expression): readonly ts.Expression[] {
  const node = skipOuter(given);
  if (ts.isArrayLiteralExpression(node))
    return node.elements.flatMap((each) => targetsOf(ts.isSpreadElement(each) ? each.expression : each));
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((each) =>
      ts.isPropertyAssignment(each)
        ? targetsOf(each.initializer)
        : ts.isSpreadAssignment(each)
          ? targetsOf(each.expression)
          : [],
    );
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) return targetsOf(node.left);
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? [node] : [];
}

const mutators = new Set([
  ...["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"],
  ...["set", "add", "delete", "clear"],
]);
const changesFirst =
  /^(?:Object\.(?:assign|defineProperty|defineProperties|setPrototypeOf)|Reflect\.(?:set|deleteProperty|defineProperty))$/;

/** `event.items` of `event.items.push(…)`, and what `Object.assign` is given first. */
function changedBy(call: ts.CallExpression): ts.Expression | undefined {
  const callee = skipOuter(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  if (changesFirst.test(callee.getText())) return call.arguments[0];
  return mutators.has(callee.name.text) ? callee.expression : undefined;
}

/** The objects that are changed with it, the innermost first: `event.address`, `event`. */
function objectsIn(target: ts.Expression, inPlace: boolean): readonly ts.Expression[] {
  const objects: ts.Expression[] = inPlace ? [target] : [];
  let node = target;
  while (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    node = skipOuter(node.expression);
    objects.push(node);
  }
  return objects;
}

/** A copy that the function made, an event that it puts together, or its constructor: nobody else has seen it. */
function isOwnMaking(event: ts.Expression): boolean {
  if (event.kind === ts.SyntaxKind.ThisKeyword) {
    const run = enclosingFunction(event);
    return run !== undefined && ts.isConstructorDeclaration(run);
  }
  const declaration = ts.isIdentifier(event) ? lookUp(event.text, event) : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined)
    return false;
  const made = skipOuter(declaration.initializer);
  if (ts.isObjectLiteralExpression(made))
    return made.properties.length === 0 || made.properties.some(ts.isSpreadAssignment);
  return (
    ts.isCallExpression(made) && /^(?:structuredClone|Object\.assign|JSON\.parse)$/.test(made.expression.getText())
  );
}
