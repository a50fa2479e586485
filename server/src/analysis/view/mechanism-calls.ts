import { ts } from "ts-morph";
import { configuration } from "../extract/annotations.js";
import type { Extraction } from "../extract/extraction.js";
import { type CalledMechanism, mechanismIn, mechanismOfLevel } from "../extract/mechanisms.js";
import { unitsOf } from "../extract/units.js";
import type { Cell, MechanismCall } from "../model.js";
import { siteOf } from "../sites.js";
import type { View } from "./view.js";

/** What the `mechanism` option of a level calls, perhaps in another file. */
export function mechanismOf(x: Extraction, level: ts.CallExpression | undefined): MechanismCall | undefined {
  const called = mechanismOfLevel(x, level);
  return called && mechanismCall(x, called);
}

/** Every call of a mechanism function in a file. */
export function mechanismCallsOf(x: Extraction, tree: ts.SourceFile): readonly MechanismCall[] {
  const found: MechanismCall[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    const called = ts.isCallExpression(node) ? mechanismIn(x, node) : undefined;
    if (called?.call === node) found.push(mechanismCall(x, called));
  };
  if (importsMechanism(tree.text)) for (const unit of unitsOf(tree)) visit(unit.node);
  return found;
}

/** Cells of other files that mechanisms called in this one keep. */
export function keptCellsOf(view: View, file: string): readonly Cell[] {
  return view.sources.usages.keptBy(file).flatMap(({ owner, field }) => view.cell(owner, owner, field) ?? []);
}

function mechanismCall(x: Extraction, { name, call }: CalledMechanism): MechanismCall {
  return { name, site: siteOf(call), ...configuration(x, call) };
}

/** Only quorums are judged yet; scanning every call of every file for them would be waste. */
function importsMechanism(text: string): boolean {
  return text.includes("quorum");
}
