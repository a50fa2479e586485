import { ts } from "ts-morph";
import { isLevel, type Level } from "../../../../runtime/src/levels.js";
import type { Extraction } from "../extract/extraction.js";
import { calleeName } from "../extract/functions.js";
import { partsOf } from "../extract/skeleton.js";
import type { Value } from "../extract/values.js";
import type { LevelRead } from "../model.js";
import { siteOf } from "../sites.js";
import { KeptByUnit } from "./kept.js";
import type { View } from "./view.js";

/** Every `cell.at(level)` of a file, and every call that passes a cell to a function that asks so of it. */
export function levelReadsOf(view: View, tree: ts.SourceFile): readonly LevelRead[] {
  return [...writtenHere(view, tree), ...throughCalls(view, tree)];
}

function writtenHere(view: View, tree: ts.SourceFile): readonly LevelRead[] {
  const found: LevelRead[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const { expression, name } = node.expression;
    const level = name.text === "at" ? levelOf(view.sources.x, node) : undefined;
    if (level === undefined) return;
    const cell = cellOf(view, receiverOf(view.sources.x, expression));
    if (cell !== undefined) found.push({ cell, level, site: siteOf(name, node), through: undefined });
  };
  for (const { node, mentions } of partsOf(tree)) if (mentions.has("at")) visit(node);
  return found;
}

function levelOf(x: Extraction, node: ts.CallExpression): Level | undefined {
  const [argument] = node.arguments;
  const value = argument && x.evaluate(argument);
  return value?.kind === "literal" && isLevel(value.value) ? value.value : undefined;
}

function receiverOf(x: Extraction, node: ts.Expression): Value {
  const value = x.evaluate(node);
  return value.kind === "unknown" ? x.types.valueOf(node, "at") : value;
}

function cellOf(view: View, value: Value): LevelRead["cell"] | undefined {
  return value.kind === "cell" ? view.cell(value.receiver, value.declaredIn, value.field) : undefined;
}

function throughCalls(view: View, tree: ts.SourceFile): readonly LevelRead[] {
  return kept.of(view.sources, tree, ({ runs }) => throughCallsIn(view, runs));
}

const kept = new KeptByUnit<LevelRead>();

function throughCallsIn(view: View, runs: readonly ts.Node[]): readonly LevelRead[] {
  const found: LevelRead[] = [];
  for (const node of runs) {
    for (const item of view.sources.summaries.factsOf(node).items) {
      const passed = item.callee.kind === "function" ? item.args.filter((each) => each.kind === "cell") : [];
      if (passed.length === 0) continue;
      for (const { target } of view.sources.summaries.effectsOfItem(item)) {
        const asked = target.kind === "operation" && target.cell.kind === "cell" ? target.cell : undefined;
        const isPassed = passed.some((each) => each.at === undefined && isSameCell(each, asked));
        const cell = asked !== undefined && isPassed ? cellOf(view, asked) : undefined;
        if (cell === undefined || asked?.at === undefined) continue;
        found.push({ cell, level: asked.at, site: siteOf(item.node), through: calleeName(item) });
      }
    }
  }
  return found;
}

function isSameCell(a: Value, b: Value | undefined): boolean {
  return a.kind === "cell" && b?.kind === "cell" && a.declaredIn === b.declaredIn && a.field === b.field;
}
