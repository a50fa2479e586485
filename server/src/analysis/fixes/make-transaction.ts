import { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import type { Fix } from "../../documents/finding.js";
import type { Cell, Method } from "../model.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { decorators, writeLevel } from "./levels.js";
import { indentOf } from "./move-after.js";

/** `@Transaction()` before a method; cells that are too weak for one to protect them are raised. */
export function makeTransaction(view: View, method: Method, raised: readonly Cell[], level: Level): Fix | undefined {
  const node = nodeOf(method.site)?.parent;
  if (method.transaction !== undefined || node === undefined || !ts.isMethodDeclaration(node) || !isWhole(node))
    return undefined;
  const edits = new Edits(view.sources.x);
  const tree = node.getSourceFile();
  edits.insert(tree, node.getStart(tree), `@${edits.name(tree, "Transaction")}()\n${indentOf(tree, node)}`);
  for (const cell of raised) if (!writeLevel(view, edits, cell, level)) return undefined;
  const names = [...new Set(raised.map(({ name }) => `\`${name}\``))].join(" and ");
  const made = `\`${method.name}\` a transaction`;
  return edits.toFix(
    names === "" ? `Make ${made}` : `Raise ${names} to \`@${decorators[level]}()\` and make ${made}`,
    "suggested",
  );
}
