import { ts } from "ts-morph";
import { givenTo } from "../extract/call-nodes.js";
import type { Extraction } from "../extract/extraction.js";
import type { Item } from "../extract/functions.js";
import { isFunctionNode } from "../extract/scopes.js";
import { nodeOf } from "../sites.js";
import type { FlowTarget } from "../value-flows.js";

/** Whether a write says what there is afterwards, whatever was there before. */
export function overwrites(to: FlowTarget, operation: Item | undefined): boolean {
  if (to.kind !== "write") return false;
  if (to.effect.operation === "delete" && "cell" in to.effect)
    return operation !== undefined && isChosen(operation.node);
  if (to.effect.access === "write") return true;
  if (to.effect.operation !== "update" || !("cell" in to.effect)) return false;
  const change = operation?.args.at(-1);
  const node = operation && givenTo(operation.node).at(-1);
  return change?.kind === "function" && node !== undefined && takesNothing(node);
}

/** Whoever deletes all that there is, whatever it is, undoes nothing; only what was chosen may have changed meanwhile. */
function isChosen(deletion: ts.Node): boolean {
  for (let child = deletion, { parent } = child; parent !== undefined; child = parent, { parent } = parent) {
    const isRound =
      ts.isIterationStatement(parent, false) || (isFunctionNode(parent) && ts.isCallExpression(parent.parent));
    if (isRound) return false;
    if (ts.isIfStatement(parent) || ts.isConditionalExpression(parent) || ts.isSwitchStatement(parent)) return true;
    if (ts.isBinaryExpression(parent)) return true;
    // `if (session.until > now) continue;`
    if (ts.isBlock(parent) && parent.statements.some((each) => each.pos < child.pos && ts.isIfStatement(each)))
      return true;
  }
  return true;
}

function takesNothing(node: ts.Node): boolean {
  return (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && node.parameters.length === 0;
}

/** A merge that is known to be `lastWriterWins` drops values like the default does; of any other nobody knows that it does. */
export function isMerged(x: Extraction, to: FlowTarget): boolean {
  const annotation = to.kind === "write" && "cell" in to.effect ? to.effect.cell.annotation : undefined;
  if (annotation === undefined || annotation.hasDefaultMerge) return false;
  const decorator = nodeOf(annotation.site);
  const call = decorator !== undefined && ts.isDecorator(decorator) ? x.evaluate(decorator.expression) : undefined;
  const options = call?.kind === "result" ? call.call.arguments[0] : undefined;
  const value = options === undefined ? undefined : x.evaluate(options);
  const merge = value?.kind === "object" ? value.members.get("merge") : undefined;
  return !(merge?.kind === "runtime" && merge.name === "lastWriterWins");
}
