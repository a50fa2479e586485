import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import type { ClockOrder } from "../view/clock-orders.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/** `lastWriterWins` in place of a merge that keeps the later value: it goes by a hybrid logical clock. */
export function lastWriterWins(view: View, { lastWriterWins: site, names }: ClockOrder): Fix | undefined {
  const option = site && nodeOf(site);
  if (option === undefined || ts.isDecorator(option) || !isWhole(option)) return undefined;
  const edits = new Edits(view.sources.x);
  const name = edits.name(option.getSourceFile(), "lastWriterWins");
  edits.replace(option, ts.isObjectLiteralElementLike(option) ? `merge: ${name}` : name);
  return edits.toFix(`Merge \`${names[0]}\` by \`lastWriterWins\`, which goes by a hybrid logical clock`, "suggested");
}

/** Leaves the entries of a log in its own order. */
export function keepLogOrder(view: View, { kind, isLog, site, names }: ClockOrder): Fix | undefined {
  const call = kind === "sort" && isLog ? nodeOf(site) : undefined;
  if (call === undefined || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression))
    return undefined;
  if (!isWhole(call)) return undefined;
  const edits = new Edits(view.sources.x);
  const tree = call.getSourceFile();
  const { expression } = call.expression;
  if (ts.isExpressionStatement(call.parent)) edits.remove(call.parent);
  else if (ts.isParenthesizedExpression(expression) && ts.isVariableDeclaration(call.parent))
    edits.replace(call, expression.expression.getText(tree));
  else edits.splice(tree, expression.getEnd(), call.getEnd(), "");
  return edits.toFix(`Take the entries in the order of \`${names[0]}\``, "suggested");
}
