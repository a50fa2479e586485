import { compareLevels, type Level, strongest } from "../../../../runtime/src/levels.js";
import type { Cell, Method } from "../../analysis/model.js";
import { type StateEffect, type Store, stateOf } from "../../analysis/states.js";
import type { Problem, Report, Rule } from "../rule.js";
import { capitalised, decoratorOf, levelName, list } from "../words.js";

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
    .map((step) => ({ ...step, stateEffects: step.stateEffects.filter(takesPart) }))
    .filter((step) => step.stateEffects.length > 0);
  const effects = steps.flatMap((step) => step.stateEffects);
  const first = effects[0];
  if (first === undefined || effects.every((effect) => levelOf(effect) === levelOf(first))) return;
  const top = effects.map(levelOf).reduce(strongest);
  for (const step of steps) {
    const other = step.stateEffects.find((effect) => levelOf(effect) !== levelOf(first));
    if (other !== undefined) report(problem(method, steps, step, first, other, top, report));
  }
}

/** A read that was weakened on purpose does not claim to be part of the unit. */
function takesPart(effect: StateEffect): boolean {
  return effect.access !== "read" || effect.level === levelOf(effect);
}

function levelOf(effect: StateEffect): Level {
  return stateOf(effect).level;
}

function nameOf(effect: StateEffect): string {
  return `\`${stateOf(effect).name}\``;
}

function problem(
  method: Method,
  steps: readonly Method["steps"][number][],
  step: Method["steps"][number],
  first: StateEffect,
  other: StateEffect,
  top: Level,
  report: Report,
): Problem {
  const weaker = compareLevels(levelOf(first), levelOf(other)) < 0 ? first : other;
  const stronger = weaker === first ? other : first;
  const effects = steps.flatMap((each) => each.stateEffects);
  const weak = distinct(effects.filter((effect) => levelOf(effect) !== top));
  const weakCells = weak.filter((state) => "dataType" in state);
  const label = (effect: StateEffect): string => `${nameOf(effect)} (${levelName(levelOf(effect))})`;
  const via = step.kind === "call" ? ` through \`${step.name}()\`` : "";
  return {
    at: step.site,
    message: `\`${method.name}\` ${verb(first, other)} ${label(first)} and ${label(other)}${via} in one transaction, but ${rollBack(stronger, weaker)}.`,
    why: consequence(stronger, weaker),
    help: sentence([
      ...(weakCells.length === 0
        ? []
        : [`raise ${list(weakCells.map((cell) => `\`${cell.name}\``))} to \`@${decoratorOf(top)}()\``]),
      ...(weaker.access === "read"
        ? [`read ${nameOf(weaker)} before the transaction and hand the value in`]
        : [`${words[weaker.access]} ${nameOf(weaker)} after the commit`, "make it a saga that compensates"]),
    ]),
    related: onePerLevel(effects).map((effect) => ({
      at: effect.site,
      message: `${nameOf(effect)} is ${levelName(levelOf(effect))}: \`${effect.operation}\` ${effect.access === "unknown" ? "uses" : effect.access === "read" ? "reads" : "changes"} it here`,
    })),
    fixes: [
      // A label says what a store does: to write another one changes nothing.
      weakCells.length === weak.length ? report.fixes.raise(weakCells, top) : undefined,
      report.fixes.moveAfterTransaction(
        method,
        steps.filter((each) => each.stateEffects.every((effect) => levelOf(effect) !== top)),
        steps,
      ),
      report.fixes.saga(method, distinct(effects.filter((effect) => effect.access !== "read"))),
    ],
  };
}

const words = { write: "change", update: "change", unknown: "use" };

/** "Raise `a` to …, change `a` after the commit, or make it a saga that compensates." */
function sentence(choices: readonly string[]): string {
  const text =
    choices.length > 2 ? `${choices.slice(0, -1).join(", ")}, or ${choices.at(-1)}.` : `${choices.join(", or ")}.`;
  return capitalised(text);
}

function verb(first: StateEffect, other: StateEffect): string {
  if (first.access === "unknown" || other.access === "unknown") return "uses";
  if (first.access !== "read" && other.access !== "read") return "changes";
  return first.access === "read" && other.access === "read" ? "reads" : "uses";
}

function rollBack(stronger: StateEffect, weaker: StateEffect): string {
  if (compareLevels(levelOf(stronger), "causal") < 0) return "neither is rolled back";
  if (weaker.access === "read") return `${nameOf(weaker)} is read outside its snapshot`;
  if (compareLevels(levelOf(weaker), "causal") < 0) return `only ${nameOf(stronger)} can be rolled back`;
  return "they do not commit together";
}

function consequence(stronger: StateEffect, weaker: StateEffect): string {
  const strong = nameOf(stronger);
  const weak = nameOf(weaker);
  if (weaker.access === "read")
    return `${weak} may be old, or differ from one replica to the next, and nothing checks it at the commit: ${strong} is settled on a value that was never true beside it.`;
  if (compareLevels(levelOf(weaker), "causal") >= 0)
    return `If one of the two commits is refused, the other stands: readers see ${weak} changed without ${strong}, or the reverse.`;
  if (stronger.access === "read")
    return `If the transaction aborts, or runs again after a conflict, the change of ${weak} has already left and is not undone.`;
  return `If the change of ${strong} aborts, the change of ${weak} has already left: what was to move from one to the other appears twice, or is lost.`;
}

function onePerLevel(effects: readonly StateEffect[]): readonly StateEffect[] {
  return effects.filter((effect, index) => effects.findIndex((each) => levelOf(each) === levelOf(effect)) === index);
}

function distinct(effects: readonly StateEffect[]): readonly (Cell | Store)[] {
  const states = effects.map((effect) => stateOf(effect).state);
  return states.filter(
    (state, index) =>
      states.findIndex(
        (each) => each.site.file === state.site.file && each.owner === state.owner && each.name === state.name,
      ) === index,
  );
}
