import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { isFunctionNode } from "../extract/scopes.js";
import { nodeOf, siteOf } from "../sites.js";
import { handlerArgument } from "../view/failures/guarded.js";
import type { Retry } from "../view/failures/retries.js";
import type { View } from "../view/view.js";
import { rethrowFrom } from "./rethrow.js";

/** Attempts end with an `IndeterminateError`; only where the handler stands round the operation in the same function. */
export function leaveRetry(view: View, retry: Retry): Fix | undefined {
  const node = nodeOf(retry.site);
  if (node === undefined || retry.kind === "helper") return undefined;
  for (let child = node, { parent } = node; parent !== undefined; child = parent, { parent } = parent) {
    if (isFunctionNode(parent)) return undefined;
    if (ts.isTryStatement(parent) && parent.tryBlock === child && parent.catchClause !== undefined)
      return rethrowFrom(view, siteOf(parent.catchClause));
    if (ts.isCallExpression(parent) && parent.expression === child && handlerArgument(parent) !== undefined)
      return rethrowFrom(view, siteOf((parent.expression as ts.PropertyAccessExpression).name));
  }
  return undefined;
}
