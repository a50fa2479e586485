import { ts } from "ts-morph";
import { type CallNode, calledIn, givenTo } from "../../extract/call-nodes.js";
import { returnedExpressions } from "../../extract/evaluate.js";
import type { Item } from "../../extract/functions.js";
import { enclosingFunction, type FunctionNode, isFunctionNode, lookUp, skipOuter } from "../../extract/scopes.js";
import type { Effect } from "../../flow/summaries.js";
import { functionRead } from "../kept.js";
import type { Sources } from "../view.js";

/** Names that say that a value tells one request from another. */
const keyNames =
  /idempoten|dedup|nonce|^key$|^uuid$|(?:request|operation|command|message|event|transaction|transfer|payment|charge|correlation)_?(?:Id|Key|Token)$/i;
const ownIdentity = /^(?:id|key|uuid)$|(?:Id|Key|Token|Uuid)$/;
const identityMakers =
  /^(?:crypto\.|Math\.|Date\.)?(?:randomUUID|random|now|uuid|uuidv\d|v[1-7]|nanoid|ulid|createId|cuid|ksuid|snowflake)$/i;
const mostSteps = 4;

/** To do the operation twice is the same as to do it once. What is not understood counts as such. */
export function isIdempotent(sources: Sources, { target, path }: Effect, scope: ts.Node): boolean {
  const last = path.at(-1);
  if (last === undefined || target.kind !== "operation") return true;
  const [first, second] = givenTo(last.node);
  switch (target.name) {
    case "increment":
    case "decrement":
      return false;
    case "append":
      return first !== undefined && entryHasIdentity(first, scope) && !carriesFreshKey(path[0]?.node, scope);
    case "update": {
      const change = ts.isCallExpression(last.node) && last.node.arguments.length > 1 ? second : first;
      const value = change === undefined ? undefined : sources.x.evaluate(change);
      const run = value?.kind === "function" ? functionRead(sources, value.id) : undefined;
      return run === undefined || isRepeatable(sources, run, 0, 0);
    }
    case "write":
    case "put":
      return !isDerived(sources, last, target.name === "put" ? second : first);
    default:
      return true;
  }
}

/** `append({ id, text })`: who reads the log can tell that it is there twice, unless each attempt makes an id of its own. */
function entryHasIdentity(given: ts.Expression, scope: ts.Node): boolean {
  const node = skipOuter(given);
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.some((each) => {
      if (each.name === undefined || !ownIdentity.test(each.name.getText())) return false;
      const value = ts.isPropertyAssignment(each) ? each.initializer : each.name;
      return !isFreshIdentity(value, scope);
    });
  }
  if (ts.isArrayLiteralExpression(node))
    return node.elements.some((each) => ownIdentity.test(each.getText()) && !isFreshIdentity(each, scope));
  if (ts.isLiteralExpression(node) || ts.isTemplateExpression(node) || ts.isBinaryExpression(node)) return false;
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  if (declaration === undefined) return true;
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined)
    return entryHasIdentity(declaration.initializer, scope);
  // What the caller made may have an identity, unless it is a text or a number.
  return !(ts.isParameter(declaration) && declaration.type !== undefined && ts.isToken(declaration.type));
}

/** It is made with each attempt, in the loop or in what the loop calls. */
function isFreshIdentity(given: ts.Node, scope: ts.Node): boolean {
  const node = ts.isExpression(given) ? skipOuter(given) : given;
  if (makesIdentity(node)) return true;
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  if (declaration === undefined || !isMadeIdentity(declaration)) return false;
  return isInScope(declaration, scope) || !encloses(enclosingFunction(declaration), scope);
}

function encloses(run: ts.Node | undefined, node: ts.Node): boolean {
  if (run === undefined) return true;
  return run.getSourceFile() === node.getSourceFile() && run.pos <= node.pos && node.end <= run.end;
}

function carriesFreshKey(node: CallNode | undefined, scope: ts.Node): boolean {
  return (node === undefined ? [] : givenTo(node)).some((each) => {
    const declaration = ts.isIdentifier(each) ? lookUp(each.text, each) : undefined;
    return declaration !== undefined && isMadeIdentity(declaration) && isInScope(declaration, scope);
  });
}

/** `const b = await balance.read(); await balance.write(b - amount)`: each time it starts from what the last one wrote. */
function isDerived(sources: Sources, { node }: Item, value: ts.Expression | undefined): boolean {
  const called = calledIn(node);
  if (value === undefined || !ts.isPropertyAccessExpression(called)) return false;
  const receiver = called.expression.getText();
  const visit = (each: ts.Node): boolean => {
    if (ts.isCallExpression(each) && isReadOf(each, receiver)) return true;
    const declaration = ts.isIdentifier(each) ? lookUp(each.text, each) : undefined;
    if (declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
      const from = skipOuter(declaration.initializer);
      if (ts.isCallExpression(from) && isReadOf(from, receiver)) return true;
    }
    return ts.forEachChild(each, (child) => visit(child) || undefined) ?? false;
  };
  return sources.x.evaluate(called).kind === "operation" && visit(value);
}

function isReadOf({ expression }: ts.CallExpression, receiver: string): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    /^(?:read|get)$/.test(expression.name.text) &&
    expression.expression.getText() === receiver
  );
}

/** A function whose result, given to it again, stays as it is: `() => "paid"`, `(b) => b.has(id) ? b : …`. */
function isRepeatable(sources: Sources, run: FunctionNode, index: number, depth: number): boolean {
  const parameter = run.parameters[index]?.name;
  if (parameter === undefined || run.body === undefined || depth > mostSteps) return true;
  if (!ts.isIdentifier(parameter)) return false;
  const name = parameter.text;
  if (!mentions(run.body, name)) return true;
  if (!ts.isBlock(run.body)) return keeps(sources, run.body, name, depth);
  if (grows(run.body, name)) return false;
  if (run.body.statements.some((each) => ts.isIfStatement(each) && isRecognition(each, name))) return true;
  return returnedExpressions(run.body).every((each) => keeps(sources, each, name, depth));
}

/** `if (seen.includes(id)) return seen;`, `if (owner === me) throw …`: the second time is told from the first. */
function isRecognition({ expression, thenStatement }: ts.IfStatement, name: string): boolean {
  if (!mentions(expression, name) || isRelational(expression)) return false;
  const returned = ts.isReturnStatement(thenStatement)
    ? [thenStatement.expression]
    : returnedExpressions(thenStatement);
  return returned.some((each) => each !== undefined && isName(each, name)) || throws(thenStatement);
}

function throws(node: ts.Node): boolean {
  return ts.isThrowStatement(node) || (ts.forEachChild(node, (each) => throws(each) || undefined) ?? false);
}

function grows(body: ts.Node, name: string): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name: method } = node.expression;
      if (/^(?:push|unshift|splice)$/.test(method.text) && mentions(expression, name)) return true;
    }
    const isCompound =
      ts.isBinaryExpression(node) &&
      (node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken ||
        node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken);
    if (isCompound && mentions(node.left, name)) return true;
    return ts.forEachChild(node, (each) => visit(each) || undefined) ?? false;
  };
  return visit(body);
}

function keeps(sources: Sources, given: ts.Expression, name: string, depth: number): boolean {
  const node = skipOuter(given);
  if (!mentions(node, name) && !ts.isIdentifier(node)) return true;
  if (ts.isIdentifier(node)) return keepsName(sources, node, name, depth);
  if (ts.isConditionalExpression(node)) {
    const { condition, whenTrue, whenFalse } = node;
    const isRecognised = mentions(condition, name) && !isRelational(condition);
    if (isRecognised && (isName(whenTrue, name) || isName(whenFalse, name))) return true;
    return keeps(sources, whenTrue, name, depth) && keeps(sources, whenFalse, name, depth);
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken)
      return isName(node.left, name) || keeps(sources, node.left, name, depth);
    return false;
  }
  if (ts.isTemplateExpression(node)) return false;
  if (ts.isArrayLiteralExpression(node)) return /\.filter\(/.test(node.getText());
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every((each) => {
      if (ts.isSpreadAssignment(each) || ts.isShorthandPropertyAssignment(each)) return true;
      return ts.isPropertyAssignment(each) && keeps(sources, each.initializer, name, depth);
    });
  }
  return ts.isCallExpression(node) ? keepsCall(sources, node, name, depth) : true;
}

function keepsName(sources: Sources, node: ts.Identifier, name: string, depth: number): boolean {
  if (node.text === name || depth > mostSteps) return true;
  const declaration = lookUp(node.text, node);
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return true;
  const { initializer } = declaration;
  return initializer === undefined || keeps(sources, initializer, name, depth + 1);
}

function keepsCall(sources: Sources, node: ts.CallExpression, name: string, depth: number): boolean {
  const { expression } = node;
  if (ts.isPropertyAccessExpression(expression) && expression.name.text === "concat") return false;
  const callee = sources.x.evaluate(expression);
  const index = node.arguments.findIndex((each) => isName(each, name));
  const run = callee.kind === "function" ? functionRead(sources, callee.id) : undefined;
  return run === undefined || index < 0 || isRepeatable(sources, run, index, depth + 1);
}

/** An argument that was made once for all attempts and tells them from other requests. */
export function carriesKey(node: CallNode, scope: ts.Node): boolean {
  return givenTo(node).some((each) => hasKey(each, scope));
}

function hasKey(given: ts.Node, scope: ts.Node): boolean {
  const node = ts.isExpression(given) ? skipOuter(given) : given;
  if (isFunctionNode(node)) return false;
  if (ts.isIdentifier(node)) {
    const declaration = lookUp(node.text, node);
    if (declaration === undefined || isInScope(declaration, scope)) return false;
    return keyNames.test(node.text) || isMadeIdentity(declaration);
  }
  if (ts.isPropertyAccessExpression(node)) return keyNames.test(node.name.text) && !isFresh(node.expression, scope);
  if (ts.isPropertyAssignment(node))
    return hasKey(node.initializer, scope) || (keyNames.test(node.name.getText()) && !isFresh(node.initializer, scope));
  if (ts.isShorthandPropertyAssignment(node)) return hasKey(node.name, scope);
  return ts.forEachChild(node, (each) => hasKey(each, scope) || undefined) ?? false;
}

/** It comes about anew with each attempt. */
function isFresh(node: ts.Node, scope: ts.Node): boolean {
  if (ts.isCallExpression(node)) return true;
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  if (declaration !== undefined) return isInScope(declaration, scope);
  return ts.forEachChild(node, (each) => isFresh(each, scope) || undefined) ?? false;
}

function isInScope(declaration: ts.Node, scope: ts.Node): boolean {
  return (
    declaration.getSourceFile() === scope.getSourceFile() &&
    declaration.pos >= scope.pos &&
    declaration.end <= scope.end
  );
}

function isMadeIdentity(declaration: ts.Node): boolean {
  return (
    ts.isVariableDeclaration(declaration) &&
    declaration.initializer !== undefined &&
    makesIdentity(declaration.initializer)
  );
}

/** `crypto.randomUUID()`, `` `${Date.now()}-${Math.random()}` ``: another one with each call. */
function makesIdentity(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && identityMakers.test(node.expression.getText().replace(/^globalThis\./, "")))
    return true;
  return ts.forEachChild(node, (each) => makesIdentity(each) || undefined) ?? false;
}

function isName(node: ts.Expression, name: string): boolean {
  const inner = skipOuter(node);
  return ts.isIdentifier(inner) && inner.text === name;
}

function mentions(node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node) && node.text === name) {
    const { parent } = node;
    const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
    if (!isMember && !(ts.isPropertyAssignment(parent) && parent.name === node)) return true;
  }
  return ts.forEachChild(node, (each) => mentions(each, name) || undefined) ?? false;
}

function isRelational(node: ts.Node): boolean {
  return isRelation(node) || (ts.forEachChild(node, (child) => isRelational(child) || undefined) ?? false);
}

/** `a < b` and the like. */
export function isRelation(node: ts.Node): boolean {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return (
    kind === ts.SyntaxKind.LessThanToken ||
    kind === ts.SyntaxKind.GreaterThanToken ||
    kind === ts.SyntaxKind.LessThanEqualsToken ||
    kind === ts.SyntaxKind.GreaterThanEqualsToken
  );
}
