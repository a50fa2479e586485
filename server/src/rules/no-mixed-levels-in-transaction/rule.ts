import { compareLevels, type Level, strongest } from "../../../../runtime/src/levels.js";
import type { Cell, CellEffect, Method, Step } from "../../analysis/model.js";
import type { Problem, Report, Rule } from "../rule.js";
import { decoratorOf, levelName, list } from "../words.js";

/**
 * A transaction gives each level its own promise and no more: what is weaker than the strongest is neither held back
 * until the commit nor undone by an abort. Reads that ask for less on purpose (`.at("eventual")`) stay out of it.
 */
export const noMixedLevelsInTransaction: Rule = {
  id: "no-mixed-levels-in-transaction",
  severity: "error",
  summary: "A `@Transaction()` that touches cells of more than one level.",
  check(model, report) {
    for (const method of model.methods) if (method.transaction !== undefined) checkTransaction(method, report);
  },
};

function checkTransaction(method: Method, report: Report): void {
  const steps = method.steps
    .map((step) => ({ ...step, effects: step.effects.filter(takesPart) }))
    .filter((step) => step.effects.length > 0);
  const effects = steps.flatMap((step) => step.effects);
  const first = effects[0];
  if (first === undefined || effects.every((effect) => effect.cellLevel === first.cellLevel)) return;
  const top = effects.map((effect) => effect.cellLevel).reduce(strongest);
  for (const step of steps) {
    const other = step.effects.find((effect) => effect.cellLevel !== first.cellLevel);
    if (other !== undefined) report(problem(method, steps, step, first, other, top, report));
  }
}

/** A read that was weakened on purpose does not claim to be part of the unit. */
function takesPart(effect: CellEffect): boolean {
  return effect.access !== "read" || effect.level === effect.cellLevel;
}

function problem(
  method: Method,
  steps: readonly Step[],
  step: Step,
  first: CellEffect,
  other: CellEffect,
  top: Level,
  report: Report,
): Problem {
  const weaker = compareLevels(first.cellLevel, other.cellLevel) < 0 ? first : other;
  const stronger = weaker === first ? other : first;
  const effects = steps.flatMap((each) => each.effects);
  const weakCells = distinct(effects.filter((effect) => effect.cellLevel !== top).map((effect) => effect.cell));
  const label = (effect: CellEffect): string => `\`${effect.cell.name}\` (${levelName(effect.cellLevel)})`;
  const via = step.kind === "call" ? ` through \`${step.name}()\`` : "";
  return {
    at: step.site,
    message: `\`${method.name}\` ${verb(first, other)} ${label(first)} and ${label(other)}${via} in one transaction, but ${rollBack(stronger, weaker)}.`,
    why: consequence(stronger, weaker),
    help: `Raise ${list(weakCells.map((cell) => `\`${cell.name}\``))} to \`@${decoratorOf(top)}()\`, ${weaker.access === "read" ? "read" : "change"} \`${weaker.cell.name}\` after the commit, or make it a saga that compensates.`,
    related: onePerLevel(effects).map((effect) => ({
      at: effect.site,
      message: `\`${effect.cell.name}\` is ${levelName(effect.cellLevel)}: \`${effect.operation}\` ${effect.access === "read" ? "reads" : "changes"} it here`,
    })),
    fixes: [
      report.fixes.raise(weakCells, top),
      report.fixes.moveAfterTransaction(
        method,
        steps.filter((each) => each.effects.every((effect) => effect.cellLevel !== top)),
        steps,
      ),
      report.fixes.saga(
        method,
        distinct(effects.filter((effect) => effect.access !== "read").map((effect) => effect.cell)),
      ),
    ],
  };
}

function verb(first: CellEffect, other: CellEffect): string {
  if (first.access !== "read" && other.access !== "read") return "changes";
  return first.access === "read" && other.access === "read" ? "reads" : "uses";
}

function rollBack(stronger: CellEffect, weaker: CellEffect): string {
  if (compareLevels(stronger.cellLevel, "causal") < 0) return "neither is rolled back";
  if (weaker.access === "read") return `\`${weaker.cell.name}\` is read outside its snapshot`;
  if (compareLevels(weaker.cellLevel, "causal") < 0) return `only \`${stronger.cell.name}\` can be rolled back`;
  return "they do not commit together";
}

function consequence(stronger: CellEffect, weaker: CellEffect): string {
  const strong = `\`${stronger.cell.name}\``;
  const weak = `\`${weaker.cell.name}\``;
  if (weaker.access === "read")
    return `${weak} may be old, or differ from one replica to the next, and nothing checks it at the commit: ${strong} is settled on a value that was never true beside it.`;
  if (compareLevels(weaker.cellLevel, "causal") >= 0)
    return `If one of the two commits is refused, the other stands: readers see ${weak} changed without ${strong}, or the reverse.`;
  if (stronger.access === "read")
    return `If the transaction aborts, or runs again after a conflict, the change of ${weak} has already left and is not undone.`;
  return `If the change of ${strong} aborts, the change of ${weak} has already left: what was to move from one to the other appears twice, or is lost.`;
}

function onePerLevel(effects: readonly CellEffect[]): readonly CellEffect[] {
  return effects.filter((effect, index) => effects.findIndex((each) => each.cellLevel === effect.cellLevel) === index);
}

function distinct(cells: readonly Cell[]): readonly Cell[] {
  return cells.filter(
    (cell, index) =>
      cells.findIndex(
        (each) => each.site.file === cell.site.file && each.owner === cell.owner && each.name === cell.name,
      ) === index,
  );
}
