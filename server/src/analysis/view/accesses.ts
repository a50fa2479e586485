import { ts } from "ts-morph";
import { calledIn } from "../extract/call-nodes.js";
import { isOpen } from "../extract/calls.js";
import type { Extraction } from "../extract/extraction.js";
import type { Item } from "../extract/functions.js";
import { enclosingFunction, type FunctionNode, isFunctionNode, lookUp, skipOuter } from "../extract/scopes.js";

/** Through which session an operation goes to which object, by the names that the code uses. */
export interface ObjectAccess {
  /** Equal for the same object, whatever session it was opened in. */
  readonly object: string;
  readonly session: SessionAccess | undefined;
}

export interface SessionAccess {
  /** Equal for the same session. */
  readonly key: string;
  /** Equal for the same region; undefined where none is named. */
  readonly region: string | undefined;
  /** What makes it; undefined for the ambient one. */
  readonly call: ts.CallExpression | undefined;
  /** How the code that opens the object names it. */
  readonly name: ts.Expression | undefined;
}

/** A function that a call runs: what its parameters and its `this` are is said there. */
interface Frame {
  readonly run: FunctionNode;
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly outer: Frame | undefined;
}

/** Where a value comes from: an expression, in the function that a frame runs, and what is taken of it. */
interface Root {
  readonly node: ts.Expression;
  readonly frame: Frame | undefined;
  readonly members: readonly string[];
}

/** What the last call of a path is done to. */
export function objectAccess(x: Extraction, path: readonly Item[]): ObjectAccess | undefined {
  const last = path.at(-1);
  const called = last && calledIn(last.node);
  if (called === undefined || !ts.isPropertyAccessExpression(called)) return undefined;
  const cell = follow(x, called.expression, frameOf(x, path), 0);
  if (cell.members.length === 0) return undefined;
  const object = { ...cell, members: cell.members.slice(0, -1) };
  return { object: objectKey(x, object), session: sessionOf(x, object) };
}

/** The session that an expression gives. */
export function sessionAt(x: Extraction, node: ts.Expression): SessionAccess | undefined {
  return describeSession(x, node, undefined);
}

function frameOf(x: Extraction, path: readonly Item[]): Frame | undefined {
  let frame: Frame | undefined;
  for (const { node, callee } of path.slice(0, -1)) {
    const run = callee.kind === "function" ? x.functionNode(callee.id) : undefined;
    if (run !== undefined && (ts.isCallExpression(node) || ts.isNewExpression(node)))
      frame = { run, call: node, outer: frame };
  }
  return frame;
}

/** Helpers of helpers are seldom deeper, and recursion ends here. */
const deepest = 24;

function follow(x: Extraction, expression: ts.Expression, frame: Frame | undefined, depth: number): Root {
  const node = skipOuter(expression);
  const root: Root = { node, frame, members: [] };
  if (depth > deepest) return root;
  if (node.kind === ts.SyntaxKind.ThisKeyword) return followThis(x, root, depth);
  if (ts.isIdentifier(node)) return followName(x, root, node, depth);
  if (ts.isPropertyAccessExpression(node))
    return member(x, follow(x, node.expression, frame, depth + 1), node.name.text, depth);
  if (ts.isElementAccessExpression(node) && ts.isNumericLiteral(skipOuter(node.argumentExpression)))
    return member(x, follow(x, node.expression, frame, depth + 1), node.argumentExpression.getText(), depth);
  return ts.isCallExpression(node) ? followCall(x, root, node, depth) : root;
}

function followThis(x: Extraction, root: Root, depth: number): Root {
  let run = enclosingFunction(root.node);
  while (run !== undefined && ts.isArrowFunction(run)) run = enclosingFunction(run);
  const frame = frameRunning(root.frame, run);
  const receiver = frame?.call.expression;
  if (frame === undefined || receiver === undefined || !ts.isPropertyAccessExpression(receiver)) return root;
  return receiver.expression.kind === ts.SyntaxKind.SuperKeyword
    ? followThis(x, { ...root, node: receiver.expression, frame: frame.outer }, depth + 1)
    : follow(x, receiver.expression, frame.outer, depth + 1);
}

/** The innermost call of a function; callbacks see the names of the functions around them. */
function frameRunning(frame: Frame | undefined, run: ts.Node | undefined): Frame | undefined {
  for (let each = frame; each !== undefined; each = each.outer) if (each.run === run) return each;
  return undefined;
}

function followName(x: Extraction, root: Root, node: ts.Identifier, depth: number): Root {
  const declaration = lookUp(node.text, node);
  if (declaration === undefined) return root;
  if (ts.isParameter(declaration)) {
    const frame = frameRunning(root.frame, declaration.parent);
    const passed = frame?.call.arguments?.[frame.run.parameters.indexOf(declaration)];
    return frame === undefined || passed === undefined ? root : follow(x, passed, frame.outer, depth + 1);
  }
  if (ts.isVariableDeclaration(declaration))
    return isConstant(declaration) && declaration.initializer !== undefined
      ? follow(x, declaration.initializer, frameAround(root, declaration), depth + 1)
      : root;
  return ts.isBindingElement(declaration) ? (followBinding(x, root, declaration, depth) ?? root) : root;
}

function isConstant(node: ts.VariableDeclaration): boolean {
  return (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0;
}

/** A name of a function further out means what that function's call has made of it. */
function frameAround(root: Root, declaration: ts.Node): Frame | undefined {
  const run = enclosingFunction(declaration);
  if (run === undefined) return undefined;
  return run === enclosingFunction(root.node) ? root.frame : (frameRunning(root.frame, run) ?? root.frame);
}

/** `const { balance } = account`, `const [nyc, london] = …`, and the same of a parameter. */
function followBinding(x: Extraction, root: Root, node: ts.BindingElement, depth: number): Root | undefined {
  const name = ts.isArrayBindingPattern(node.parent)
    ? String(node.parent.elements.indexOf(node))
    : (node.propertyName ?? node.name).getText();
  const holder = node.parent.parent;
  if (node.dotDotDotToken !== undefined) return undefined;
  if (ts.isParameter(holder)) {
    const frame = frameRunning(root.frame, holder.parent);
    const passed = frame?.call.arguments?.[frame.run.parameters.indexOf(holder)];
    return frame === undefined || passed === undefined
      ? undefined
      : member(x, follow(x, passed, frame.outer, depth + 1), name, depth);
  }
  if (ts.isBindingElement(holder)) {
    const of = followBinding(x, root, holder, depth + 1);
    return of && member(x, of, name, depth);
  }
  if (!isConstant(holder) || holder.initializer === undefined) return undefined;
  return member(x, follow(x, holder.initializer, frameAround(root, holder), depth + 1), name, depth);
}

/** A member of a value: of a literal the value that is written there, of an object made here its field's. */
function member(x: Extraction, of: Root, name: string, depth: number): Root {
  const whole: Root = { ...of, members: [...of.members, name] };
  if (of.members.length > 0) return whole;
  const { node, frame } = of;
  if (ts.isArrayLiteralExpression(node)) {
    const element = node.elements[Number(name)];
    const isPlain = element !== undefined && !node.elements.some(ts.isSpreadElement);
    return isPlain ? follow(x, element, frame, depth + 1) : whole;
  }
  if (ts.isObjectLiteralExpression(node)) {
    const property = node.properties.find((each) => each.name?.getText() === name);
    if (property !== undefined && ts.isPropertyAssignment(property))
      return follow(x, property.initializer, frame, depth + 1);
    return property !== undefined && ts.isShorthandPropertyAssignment(property)
      ? follow(x, property.name, frame, depth + 1)
      : whole;
  }
  if (node.kind !== ts.SyntaxKind.ThisKeyword) return whole;
  const field = fieldAround(node, name);
  const isMade = field?.initializer !== undefined && /session|open/i.test(field.initializer.getText());
  return isMade ? follow(x, field?.initializer as ts.Expression, undefined, depth + 1) : whole;
}

function fieldAround(node: ts.Node, name: string): ts.PropertyDeclaration | undefined {
  let owner: ts.Node | undefined = node;
  while (owner !== undefined && !ts.isClassLike(owner)) owner = owner.parent;
  return owner?.members.find(
    (each): each is ts.PropertyDeclaration => ts.isPropertyDeclaration(each) && each.name.getText() === name,
  );
}

function followCall(x: Extraction, root: Root, node: ts.CallExpression, depth: number): Root {
  const { expression } = node;
  const callee = x.evaluate(expression);
  if (ts.isPropertyAccessExpression(expression) && expression.name.text === "at" && callee.kind === "operation")
    return follow(x, expression.expression, root.frame, depth + 1);
  if (callee.kind === "global" && /^Promise\.(?:all|resolve)$/.test(callee.name) && node.arguments[0] !== undefined)
    return follow(x, node.arguments[0], root.frame, depth + 1);
  const run = callee.kind === "function" ? x.functionNode(callee.id) : undefined;
  const returned = run && onlyReturned(run);
  if (run === undefined || returned === undefined) return root;
  return follow(x, returned, { run, call: node, outer: root.frame }, depth + 1);
}

/** What a function gives whenever it gives something. */
function onlyReturned({ body }: FunctionNode): ts.Expression | undefined {
  if (body === undefined || !ts.isBlock(body)) return body;
  const found: (ts.Expression | undefined)[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node)) return;
    if (ts.isReturnStatement(node)) found.push(node.expression);
    else ts.forEachChild(node, visit);
  };
  visit(body);
  return found.length === 1 ? found[0] : undefined;
}

function objectKey(x: Extraction, object: Root): string {
  const { node, frame, members } = object;
  if (node.kind === ts.SyntaxKind.ThisKeyword && members.length === 0) {
    const type = x.evaluate(node);
    // What was opened by an identity mostly keeps it in a field of this name.
    if (type.kind === "instance" && fieldAroundOrParameter(node, "id")) return `open ${type.of} this.id`;
  }
  const opened = openingOf(x, object);
  if (opened === undefined) return rootKey(object);
  const type = x.evaluate(opened);
  const [, id] = opened.arguments;
  const key = id === undefined ? "" : valueKey(x, id, frame);
  return `open ${type.kind === "instance" ? type.of : ""} ${key}`;
}

function fieldAroundOrParameter(node: ts.Node, name: string): boolean {
  let owner: ts.Node | undefined = node;
  while (owner !== undefined && !ts.isClassLike(owner)) owner = owner.parent;
  return (
    owner?.members.some(
      (each) =>
        each.name?.getText() === name ||
        (ts.isConstructorDeclaration(each) && each.parameters.some((parameter) => parameter.name.getText() === name)),
    ) ?? false
  );
}

/** The call that has opened the object, where it was opened by one that is known. */
function openingOf(x: Extraction, { node, members }: Root): ts.CallExpression | undefined {
  if (members.length > 0 || !ts.isCallExpression(node)) return undefined;
  const callee = x.evaluate(node.expression);
  return callee.kind === "runtime" && isOpen(callee.name) ? node : undefined;
}

function rootKey({ node, frame, members }: Root): string {
  const name = node.kind === ts.SyntaxKind.ThisKeyword ? "this" : placeKey(declarationOf(node) ?? node);
  return [name, ...members, ...framesKey(frame)].join(" ");
}

function declarationOf(node: ts.Expression): ts.Node | undefined {
  return ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
}

function placeKey(node: ts.Node): string {
  return `${node.getSourceFile().fileName}:${node.pos}`;
}

function framesKey(frame: Frame | undefined): readonly string[] {
  return frame === undefined ? [] : [placeKey(frame.call), ...framesKey(frame.outer)];
}

/** A text that equal values have: literals by themselves, all else by where it comes from. */
function valueKey(x: Extraction, node: ts.Expression, frame: Frame | undefined): string {
  const root = follow(x, node, frame, 0);
  if (ts.isStringLiteralLike(root.node) || ts.isNumericLiteral(root.node)) return JSON.stringify(root.node.text);
  if (root.node.kind === ts.SyntaxKind.ThisKeyword) return ["this", ...root.members].join(".");
  if (ts.isTemplateExpression(root.node)) {
    const parts = root.node.templateSpans.map((span) => valueKey(x, span.expression, root.frame));
    return `\`${root.node.head.text}${parts.map((part, at) => `${part}${span(root.node, at)}`).join("")}`;
  }
  return rootKey(root);
}

function span(node: ts.Node, at: number): string {
  return ts.isTemplateExpression(node) ? (node.templateSpans[at]?.literal.text ?? "") : "";
}

const ambient: SessionAccess = { key: "ambient", region: undefined, call: undefined, name: undefined };

function sessionOf(x: Extraction, object: Root): SessionAccess | undefined {
  if (object.node.kind === ts.SyntaxKind.ThisKeyword && object.members.length === 0) return ambient;
  const opened = openingOf(x, object);
  if (opened === undefined) return undefined;
  const callee = x.evaluate(opened.expression);
  const isOfSession = callee.kind === "runtime" && callee.name === "session.open";
  if (!isOfSession || !ts.isPropertyAccessExpression(opened.expression))
    return isOfSession ? undefined : ambientAt(x, opened, object.frame);
  return describeSession(x, opened.expression.expression, object.frame);
}

/** In a method of an object `open` goes on in the session of that object. */
function ambientAt(x: Extraction, opened: ts.Node, frame: Frame | undefined): SessionAccess | undefined {
  for (let each = frame; each !== undefined; each = each.outer) {
    const { expression } = each.call;
    if (!ts.isMethodDeclaration(each.run) || !ts.isPropertyAccessExpression(expression)) continue;
    const around = follow(x, expression.expression, each.outer, 0);
    if (openingOf(x, around) !== undefined && around.node !== opened) return sessionOf(x, around);
  }
  return ambient;
}

function describeSession(x: Extraction, node: ts.Expression, frame: Frame | undefined): SessionAccess | undefined {
  const root = follow(x, node, frame, 0);
  if (!ts.isCallExpression(root.node) || root.members.length > 1) return undefined;
  const value = x.evaluate(root.node);
  const element = value.kind === "collection" && root.members.length === 1 ? value.element : value;
  if (element.kind !== "runtime" || element.name !== "session") return undefined;
  const [given] = root.node.arguments;
  const isMade = root.members.length === 0;
  return {
    key: rootKey(root),
    region: isMade && given !== undefined ? regionOf(x, given, root.frame) : undefined,
    call: isMade ? root.node : undefined,
    name: node,
  };
}

/** `session("nyc")`, `deployment.session({ region: "nyc" })` */
function regionOf(x: Extraction, given: ts.Expression, frame: Frame | undefined): string | undefined {
  const root = follow(x, given, frame, 0);
  if (!ts.isObjectLiteralExpression(root.node)) return valueKey(x, given, frame);
  const region = root.node.properties.find((each) => each.name?.getText() === "region");
  if (region === undefined) return undefined;
  if (ts.isPropertyAssignment(region)) return valueKey(x, region.initializer, root.frame);
  return ts.isShorthandPropertyAssignment(region) ? valueKey(x, region.name, root.frame) : undefined;
}
