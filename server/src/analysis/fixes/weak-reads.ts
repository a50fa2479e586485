import { ts } from "ts-morph";
import { compareLevels, type Level } from "../../../../runtime/src/levels.js";
import type { Fix } from "../../documents/finding.js";
import { lookUp, skipOuter } from "../extract/scopes.js";
import type { Cell, CellEffect, Site } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { decorators, writeLevel } from "./levels.js";

/** Makes reads happen at a level: `.at(…)` goes, and cells that are weaker themselves are raised. */
export function readStronger(view: View, reads: readonly CellEffect[], level: Level): Fix | undefined {
  const edits = new Edits(view.sources.x);
  const lowered = new Map<ts.Node, ts.CallExpression>();
  const raised = new Map<ts.Node, Cell>();
  for (const read of reads) {
    // A method that asks for less does so for all of its reads; to change that is a decision of its own.
    if (read.methodLevel !== undefined && compareLevels(read.methodLevel, level) < 0) return undefined;
    if (read.readAt !== undefined && compareLevels(read.readAt, level) < 0) {
      const at = loweringOf(read.site);
      if (at === undefined) return undefined;
      lowered.set(at, at);
    }
    const field = nodeOf(read.cell.site);
    if (compareLevels(read.cellLevel, level) < 0 && field !== undefined) raised.set(field, read.cell);
  }
  for (const at of lowered.values())
    edits.splice(
      at.getSourceFile(),
      (at.expression as ts.PropertyAccessExpression).expression.getEnd(),
      at.getEnd(),
      "",
    );
  for (const cell of raised.values()) if (!writeLevel(view, edits, cell, level)) return undefined;
  return edits.toFix(titleOf(reads, [...raised.values()], level), "suggested");
}

function titleOf(reads: readonly CellEffect[], raised: readonly Cell[], level: Level): string {
  const names = (cells: readonly Cell[]): string => {
    const all = [...new Set(cells.map(({ name }) => `\`${name}\``))];
    return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
  };
  if (raised.length > 0) return `Raise ${names(raised)} to \`@${decorators[level]}()\``;
  const [first, ...others] = new Set(reads.map(({ cell }) => cell.name));
  return `Read ${names(reads.map(({ cell }) => cell))} at ${first !== undefined && others.length === 0 ? "its own level" : "their own levels"}`;
}

/** The `.at(…)` that a read goes through, there or where its handle comes from. */
function loweringOf(site: Site): ts.CallExpression | undefined {
  const read = nodeOf(site);
  if (read === undefined || !ts.isCallExpression(read) || !ts.isPropertyAccessExpression(read.expression))
    return undefined;
  let handle = skipOuter(read.expression.expression);
  if (ts.isIdentifier(handle)) {
    const declaration = lookUp(handle.text, handle);
    if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined)
      return undefined;
    handle = skipOuter(declaration.initializer);
  }
  const isLowering =
    ts.isCallExpression(handle) &&
    ts.isPropertyAccessExpression(handle.expression) &&
    handle.expression.name.text === "at";
  return isLowering ? (handle as ts.CallExpression) : undefined;
}

const reason = "say why an old value is good enough here";

/** Says of reads that their values are good enough, for a reason that is to be filled in. */
export function endorse(view: View, reads: readonly Site[]): Fix | undefined {
  const edits = new Edits(view.sources.x);
  const wrapped = new Set<ts.Node>();
  for (const site of reads) {
    const read = nodeOf(site);
    if (read === undefined || !ts.isCallExpression(read)) return undefined;
    const whole = ts.isAwaitExpression(read.parent) ? read.parent : read;
    if (wrapped.has(whole)) continue;
    wrapped.add(whole);
    const tree = whole.getSourceFile();
    const name = edits.name(tree, "endorse");
    // `(await a.read()) > 3` needs its parentheses no more.
    const outer =
      ts.isParenthesizedExpression(whole.parent) && !ts.isOptionalChain(whole.parent.parent) ? whole.parent : whole;
    edits.splice(tree, outer.getStart(tree), whole.getStart(tree), `${name}(`);
    edits.splice(tree, whole.getEnd(), outer.getEnd(), `, ${JSON.stringify(reason)})`);
  }
  return edits.toFix(
    reads.length === 1 ? "Endorse the value that is read" : "Endorse the values that are read",
    "suggested",
  );
}
