import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { enclosingFunction } from "../extract/scopes.js";
import type { FloatingOperation } from "../model.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import { type Fate, isAsync } from "../view/fates.js";
import { fateOfItem } from "../view/floating.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/** Waits where the promise was let go; only in an async function, as any other would change what its callers get. */
export function awaitOperation(view: View, floating: FloatingOperation): Fix | undefined {
  const node = nodeOf(floating.site);
  const around = node && enclosingFunction(node);
  if (node === undefined || around === undefined || !ts.isCallExpression(node) || !isWhole(around)) return undefined;
  const { summaries } = view.sources;
  const fates = summaries
    .factsOf(around)
    .items.filter((item) => item.node === node)
    .map((item) => fateOfItem(view, item));
  const fate = fates.find((each) => each?.kind === floating.fate);
  if (fate === undefined || fate.kind === "kept") return undefined;
  const where = enclosingFunction(fate.expression);
  if (where === undefined || !isAsync(where)) return undefined;
  const edits = new Edits(view.sources.x);
  return write(edits, fate)
    ? edits.toFix(`Await \`${floating.name}\``, fate.isMany || fate.kind === "caught" ? "suggested" : "safe")
    : undefined;
}

function write(edits: Edits, fate: Exclude<Fate, { readonly kind: "kept" }>): boolean {
  const { expression, isMany, kind } = fate;
  const { parent } = expression;
  const tree = expression.getSourceFile();
  const start = expression.getStart(tree);
  const isStatement = ts.isExpressionStatement(parent);
  if (isMany) {
    if (kind === "tested" || (!isStatement && !ts.isAwaitExpression(parent))) return false;
    edits.insert(tree, start, isStatement ? "await Promise.all(" : "Promise.all(");
    const each = ts.isCallExpression(expression) ? expression.expression : expression;
    if (ts.isPropertyAccessExpression(each) && each.name.text === "forEach") edits.replace(each.name, "map");
    edits.insert(tree, expression.getEnd(), ")");
    return true;
  }
  if (holdsPromises(parent)) return false;
  if (kind === "voided" && ts.isVoidExpression(parent)) edits.splice(tree, parent.getStart(tree), start, "await ");
  else if (isStatement || standsAlone(parent)) edits.insert(tree, start, "await ");
  else {
    edits.insert(tree, start, "(await ");
    edits.insert(tree, expression.getEnd(), ")");
  }
  return true;
}

/** What the promise goes into is made for promises: it would have to change as well. */
function holdsPromises(parent: ts.Node): boolean {
  if (ts.isVariableDeclaration(parent)) return parent.type !== undefined;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return ts.isCallExpression(parent);
}

/** Nothing beside it binds more tightly than `await` would. */
function standsAlone(parent: ts.Node): boolean {
  return (
    ts.isVariableDeclaration(parent) ||
    ts.isIfStatement(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isDoStatement(parent) ||
    ts.isTemplateSpan(parent) ||
    ts.isBinaryExpression(parent) ||
    ts.isConditionalExpression(parent)
  );
}
