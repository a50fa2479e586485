import { ts } from "ts-morph";
import type { StoreCall } from "../extract/call-nodes.js";
import type { Extraction } from "../extract/extraction.js";
import { enclosingFunction, skipOuter } from "../extract/scopes.js";

/** Redis has commands of its own for a time to live and for "only if absent". */
const bounding = /^(?:p?setex|h?setnx|p?expire(?:at)?|add|cas|compareAnd\w+|getex)$/i;
const options = /^(?:p?xat?|exat|ex|nx|xx|ttl\w*|expir\w*|maxage|lifetime|cas|if\w*|version|etag)$/i;
const versions = /version|etag|revision|\brev\b|lease|\bcas\b|updated_?at|timestamp/i;
/** Their third argument is a value. */
const fields = /^h(?:m?set|setnx)$/i;

/**
 * Something keeps an old value from staying for good, or from getting there: a time to live, a version, a condition. What
 * is given beyond key and value is taken for such a thing.
 */
export function isBounded(x: Extraction, node: StoreCall, name: string, calls: readonly string[]): boolean {
  if (calls.some((each) => bounding.test(each)) || bounding.test(name)) return true;
  if (ts.isTaggedTemplateExpression(node)) return versions.test(node.template.getText()) || isUnderVersionCheck(node);
  const given = node.arguments;
  if (given.some((each) => hasOption(x, each) || versions.test(each.getText()))) return true;
  if (given.length > (fields.test(name) ? 3 : 2) && !isNothing(x, given.at(-1))) return true;
  return isUnderVersionCheck(node);
}

function hasOption(x: Extraction, node: ts.Expression): boolean {
  const value = x.evaluate(node);
  return value.kind === "object" && [...value.members.keys()].some((name) => options.test(name));
}

/** Memcached takes 0 for "never expires". */
function isNothing(x: Extraction, node: ts.Expression | undefined): boolean {
  if (node === undefined) return true;
  const given = skipOuter(node);
  const value = x.evaluate(given);
  return (value.kind === "literal" && value.value === 0) || given.getText() === "undefined";
}

function isUnderVersionCheck(node: ts.Node): boolean {
  const run = enclosingFunction(node);
  for (let each: ts.Node = node; each !== run && each.parent !== undefined; each = each.parent)
    if (ts.isIfStatement(each.parent) && versions.test(each.parent.expression.getText())) return true;
  return false;
}
