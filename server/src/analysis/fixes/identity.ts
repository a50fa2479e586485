import { ts } from "ts-morph";
import { compareLevels } from "../../../../runtime/src/levels.js";
import type { Fix } from "../../documents/finding.js";
import { lookUp } from "../extract/scopes.js";
import type { Cell } from "../model.js";
import { nodeOf } from "../sites.js";
import type { NewIdentity } from "../view/new-identities.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { writeLevel } from "./levels.js";
import { indentOf } from "./move-after.js";

export function randomIdentity(view: View, identity: NewIdentity): Fix | undefined {
  const node = identity.text && nodeOf(identity.text);
  if (node === undefined || lookUp("crypto", node) !== undefined) return undefined;
  const edits = new Edits(view.sources.x);
  edits.replace(node, "crypto.randomUUID()");
  return edits.toFix("Use `crypto.randomUUID()`", "suggested");
}

export function agreedSequence(view: View, { origins, of, method, transaction }: NewIdentity): Fix | undefined {
  const reads = origins.map(({ read }) => read);
  if (reads.some((read) => !("cell" in read) || read.readAt !== undefined || read.methodLevel !== undefined))
    return undefined;
  const isUpdate = reads.every(({ access }) => access === "update");
  const node = method && nodeOf(method.site)?.parent;
  // An `update` is one step by itself; a count and what it is for are not.
  const needsTransaction = !isUpdate && transaction !== "always";
  if (needsTransaction && (node === undefined || !ts.isMethodDeclaration(node) || of.kind === "object"))
    return undefined;
  const edits = new Edits(view.sources.x);
  const effects = isUpdate || of.kind === "object" ? reads : [...reads, of.write];
  const cells = new Map<ts.Node | undefined, Cell>();
  for (const effect of effects) {
    if (!("cell" in effect)) return undefined;
    if (compareLevels(effect.cellLevel, "linearizable") < 0) cells.set(nodeOf(effect.cell.site), effect.cell);
  }
  for (const cell of cells.values()) if (!writeLevel(view, edits, cell, "linearizable")) return undefined;
  if (needsTransaction && node !== undefined) {
    const tree = node.getSourceFile();
    edits.insert(tree, node.getStart(tree), `@${edits.name(tree, "Transaction")}()\n${indentOf(tree, node)}`);
  }
  const names = [...cells.values()].map(({ name }) => `\`${name}\``).join(" and ");
  const raised = `Raise ${names} to \`@Linearizable()\``;
  return edits.toFix(needsTransaction ? `${raised}, in one transaction` : raised, "suggested");
}
