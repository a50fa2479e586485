import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { resolveName } from "../extract/names.js";
import { skipOuter } from "../extract/scopes.js";
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
  const reason = skipOuter(written);
  if (ts.isIdentifier(reason) && reason.text === "undefined") return false;
  const value = x.evaluate(reason);
  return value.kind !== "literal" || /[\p{L}\p{N}]/u.test(String(value.value));
}
