import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { resolveName } from "../extract/names.js";
import { lookUp, skipOuter } from "../extract/scopes.js";
import { skeletonOf } from "../extract/skeleton.js";
import { unitsOf } from "../extract/units.js";
import type { Site } from "../model.js";
import { remembered } from "../remembered.js";
import { siteOf } from "../sites.js";
import type { View } from "./view.js";

/** `endorse(value, "reason")` */
export interface Endorsement {
  /** The call. */
  readonly site: Site;
  /** What the file calls it. */
  readonly name: string;
  /** The value as written. */
  readonly value: string;
  /** A reason is given, or it is not known which. */
  readonly hasReason: boolean;
}

/** Calls of the runtime's `endorse`, whatever the file calls it. */
export function endorsementsOf({ sources: { x } }: View, tree: ts.SourceFile): readonly Endorsement[] {
  if (!importsEndorse(x, tree)) return [];
  return unitsOf(tree).flatMap(({ node }) =>
    callsIn(node)
      .filter((call) => isEndorse(x, call.expression))
      .map((call) => ({
        site: siteOf(call),
        name: call.expression.getText(tree),
        value: call.arguments[0]?.getText(tree) ?? "",
        hasReason: saysSomething(x, call.arguments[1]),
      })),
  );
}

/** By its imports: most files have none, and need no look at their calls. */
function importsEndorse(x: Extraction, tree: ts.SourceFile): boolean {
  for (const name of skeletonOf(tree).imports.keys()) {
    const value = x.target(resolveName(x, name, tree), name);
    if (value.kind === "runtime" && value.name === "endorse") return true;
    // A namespace, the runtime's or that of a module that exports it again.
    const isModule = (value.kind === "runtime" && value.name === "*") || value.kind === "module";
    if (isModule && tree.text.includes("endorse")) return true;
  }
  return false;
}

const calls = new WeakMap<ts.Node, readonly ts.CallExpression[]>();

function callsIn(unit: ts.Node): readonly ts.CallExpression[] {
  return remembered(calls, unit, () => {
    const found: ts.CallExpression[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) found.push(node);
      ts.forEachChild(node, visit);
    };
    visit(unit);
    return found;
  });
}

function isEndorse(x: Extraction, callee: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(callee) && callee.name.text !== "endorse") return false;
  const value = x.evaluate(callee);
  return value.kind === "runtime" && value.name === "endorse";
}

function saysSomething(x: Extraction, written: ts.Expression | undefined): boolean {
  if (written === undefined) return false;
  const text = textOf(x, written, 0);
  return text === undefined || /[\p{L}\p{N}]/u.test(text);
}

/** Constants of constants; further than this nobody follows them by eye either. */
const mostSteps = 4;

/** The text of a reason, however it is put together; undefined where that is not known. */
function textOf(x: Extraction, written: ts.Expression, depth: number): string | undefined {
  const node = skipOuter(written);
  const of = (each: ts.Expression): string | undefined => textOf(x, each, depth);
  if (node.kind === ts.SyntaxKind.NullKeyword || ts.isVoidExpression(node)) return "";
  if (ts.isTemplateExpression(node))
    return joined([node.head.text, ...node.templateSpans.flatMap((span) => [of(span.expression), span.literal.text])]);
  if (ts.isConditionalExpression(node)) return alike(of(node.whenTrue), of(node.whenFalse));
  if (ts.isBinaryExpression(node)) return textOfBinary(node, of);
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    return /^(?:trim\w*|toString|normalize|to\w+Case|valueOf)$/.test(node.expression.name.text)
      ? of(node.expression.expression)
      : undefined;
  }
  if (ts.isIdentifier(node)) {
    if (node.text === "undefined") return "";
    const declaration = lookUp(node.text, node);
    const isConstant =
      declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
    if (isConstant && declaration.initializer !== undefined && depth < mostSteps)
      return textOf(x, declaration.initializer, depth + 1);
  }
  const value = x.evaluate(node);
  return value.kind === "literal" ? String(value.value) : undefined;
}

function textOfBinary(
  { left, right, operatorToken: { kind } }: ts.BinaryExpression,
  of: (each: ts.Expression) => string | undefined,
): string | undefined {
  if (kind === ts.SyntaxKind.PlusToken) return joined([of(left), of(right)]);
  const isEither = kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken;
  return isEither ? alike(of(left), of(right)) : undefined;
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.every((each) => each !== undefined) ? parts.join("") : undefined;
}

/** One of two, which matters only where neither says anything. */
function alike(one: string | undefined, other: string | undefined): string | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}
