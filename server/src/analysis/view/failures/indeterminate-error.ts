import { ts } from "ts-morph";
import { returnedExpressions } from "../../extract/evaluate.js";
import { skipOuter } from "../../extract/scopes.js";
import type { Value } from "../../extract/values.js";
import { functionRead } from "../kept.js";
import type { Sources } from "../view.js";

/** What a condition gives when the error that was caught is an `IndeterminateError`. */
export interface Truth {
  /** Undefined where it depends on something else. */
  readonly value: boolean | undefined;
  /** It asks for `IndeterminateError` by name. */
  readonly isExplicit: boolean;
  /** It asks somebody whom a caller passes: nobody knows here what the answer is. */
  readonly isAsked: boolean;
}

const unknown: Truth = { value: undefined, isExplicit: false, isAsked: false };
const always: Truth = { value: true, isExplicit: false, isAsked: false };
const never: Truth = { value: false, isExplicit: false, isAsked: false };
const explicit: Truth = { value: true, isExplicit: true, isAsked: false };

const otherGuards = new Set(["isUnavailable", "isConflict", "isLevelError", "isAnnotationError"]);
const otherErrors = new Set(["UnavailableError", "ConflictError", "LevelError", "AnnotationError"]);
const itsNames = /^(FAULTLINE_INDETERMINATE|IndeterminateError)$/;
/** Functions that ask functions; further than this nobody follows them by eye either. */
const mostSteps = 4;

/** Judges a condition under the assumption that the variables `names` hold an `IndeterminateError`. */
export function truthOf(sources: Sources, given: ts.Expression, names: ReadonlySet<string>, depth = 0): Truth {
  const node = skipOuter(given);
  const of = (each: ts.Expression): Truth => truthOf(sources, each, names, depth);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return always;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return never;
  if (ts.isIdentifier(node) && names.has(node.text)) return always;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return not(of(node.operand));
  if (ts.isConditionalExpression(node)) {
    const condition = of(node.condition);
    if (condition.value !== undefined)
      return withExplicit(of(condition.value ? node.whenTrue : node.whenFalse), condition);
    return either(of(node.whenTrue), of(node.whenFalse));
  }
  if (ts.isBinaryExpression(node)) return truthOfBinary(sources, node, names, depth);
  return ts.isCallExpression(node) ? truthOfCall(sources, node, names, depth) : unknown;
}

function truthOfBinary(sources: Sources, node: ts.BinaryExpression, names: ReadonlySet<string>, depth: number): Truth {
  const left = (): Truth => truthOf(sources, node.left, names, depth);
  const right = (): Truth => truthOf(sources, node.right, names, depth);
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return and(left(), right());
    case ts.SyntaxKind.BarBarToken:
      return not(and(not(left()), not(right())));
    case ts.SyntaxKind.InstanceOfKeyword:
      return isError(node.left, names) ? truthOfClass(sources.x.evaluate(node.right)) : unknown;
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
      return equality(node, names);
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return not(equality(node, names));
    case ts.SyntaxKind.InKeyword:
      return isError(node.right, names) ? always : unknown;
    default:
      return unknown;
  }
}

function truthOfClass(type: Value): Truth {
  if (type.kind === "runtime") {
    const name = type.name.split(".").at(-1) ?? "";
    if (name === "IndeterminateError") return explicit;
    return otherErrors.has(name) ? never : always;
  }
  if (type.kind === "global") return type.name === "Error" || type.name === "Object" ? always : never;
  // A class of the project or of another package: the runtime throws none of those.
  return type.kind === "class" || type.kind === "plain" ? never : unknown;
}

/** `error.code === "FAULTLINE_INDETERMINATE"`, `error.name !== "ConflictError"`, `error !== null`, `typeof error === "object"`. */
function equality({ left, right }: ts.BinaryExpression, names: ReadonlySet<string>): Truth {
  const [one, other] = [skipOuter(left), skipOuter(right)];
  const literal = ts.isStringLiteralLike(one) ? one : ts.isStringLiteralLike(other) ? other : undefined;
  const asked = literal === one ? other : one;
  if (literal === undefined) return isError(one, names) || isError(other, names) ? never : unknown;
  if (ts.isTypeOfExpression(asked)) return literal.text === "object" ? always : never;
  if (!mentions(asked, names)) return unknown;
  return itsNames.test(literal.text) ? explicit : never;
}

function truthOfCall(sources: Sources, node: ts.CallExpression, names: ReadonlySet<string>, depth: number): Truth {
  const index = node.arguments.findIndex((each) => isError(each, names));
  if (index < 0) return mentions(node, names) ? never : unknown; // `error.message.includes("insufficient")`
  const callee = sources.x.evaluate(node.expression);
  if (callee.kind === "parameter") return { ...unknown, isAsked: true };
  if (callee.kind === "runtime") {
    const name = callee.name.split(".").at(-1) ?? "";
    if (name === "isIndeterminate") return explicit;
    return otherGuards.has(name) ? never : unknown;
  }
  const called = callee.kind === "function" ? functionRead(sources, callee.id) : undefined;
  const parameter = called?.parameters[index]?.name;
  if (called?.body === undefined || parameter === undefined || !ts.isIdentifier(parameter) || depth > mostSteps)
    return unknown;
  return truthOfFunction(sources, called.body, new Set([parameter.text]), depth + 1);
}

/** A predicate of the project: what it returns, also after early returns that ask for something else. */
export function truthOfFunction(sources: Sources, body: ts.ConciseBody, names: ReadonlySet<string>, depth = 0): Truth {
  if (!ts.isBlock(body)) return truthOf(sources, body, names, depth);
  for (const statement of body.statements) {
    if (!ts.isIfStatement(statement) || statement.elseStatement !== undefined) continue;
    const condition = truthOf(sources, statement.expression, names, depth);
    if (condition.value === false) continue;
    const { thenStatement } = statement;
    const answer = ts.isReturnStatement(thenStatement)
      ? thenStatement.expression
      : returnedExpressions(thenStatement)[0];
    if (answer === undefined || condition.value === undefined) return { ...unknown, isExplicit: condition.isExplicit };
    return withExplicit(truthOf(sources, answer, names, depth), condition);
  }
  const last = body.statements.at(-1);
  return last !== undefined && ts.isReturnStatement(last) && last.expression !== undefined
    ? truthOf(sources, last.expression, names, depth)
    : unknown;
}

/** The variable itself, or the wrapper that libraries hand to a predicate: `({ error }) => …`. */
export function isError(given: ts.Node, names: ReadonlySet<string>): boolean {
  const node = ts.isExpression(given) ? skipOuter(given) : given;
  return ts.isIdentifier(node) && names.has(node.text);
}

export function mentions(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isIdentifier(node) && names.has(node.text) && !isMemberName(node)) return true;
  return ts.forEachChild(node, (child) => mentions(child, names) || undefined) ?? false;
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

function not(truth: Truth): Truth {
  return { ...truth, value: truth.value === undefined ? undefined : !truth.value };
}

function and(a: Truth, b: Truth): Truth {
  if (a.value === false) return a;
  const value = b.value === false ? false : a.value === undefined || b.value === undefined ? undefined : true;
  return { value, isExplicit: a.isExplicit || b.isExplicit, isAsked: a.isAsked || b.isAsked };
}

function either(a: Truth, b: Truth): Truth {
  return { ...withExplicit(a, b), value: a.value === b.value ? a.value : undefined };
}

function withExplicit(a: Truth, b: Truth): Truth {
  return { value: a.value, isExplicit: a.isExplicit || b.isExplicit, isAsked: a.isAsked || b.isAsked };
}
