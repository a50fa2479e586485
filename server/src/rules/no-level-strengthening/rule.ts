import { compareLevels, type Level, strongest } from "../../../../runtime/src/levels.js";
import type { LevelRead, Method, ReleveledCell } from "../../analysis/model.js";
import { type StateEffect, stateOf } from "../../analysis/states.js";
import type { Report, Rule } from "../rule.js";
import { decoratorOf, levelName, list, throughCalls } from "../words.js";

/**
 * A level is a promise about how writes are replicated, so a read cannot add to it: it may ask for less than the cell
 * gives, never for more (ConSysT, Köhler et al., OOPSLA 2020: consistency types form a lattice, subtyping goes down).
 */
export const noLevelStrengthening: Rule = {
  id: "no-level-strengthening",
  severity: "error",
  summary:
    "A method or `.at(level)` that asks for more than the cell gives, or a subclass that weakens what it inherits.",
  check(model, report) {
    for (const method of model.methods) checkMethod(method, report);
    for (const read of model.levelReads) if (isStronger(read.level, read.cell.level)) tellRead(read, report);
    checkSubclasses(model.releveled, report);
  },
};

function isStronger(asked: Level, given: Level | undefined): boolean {
  return given !== undefined && compareLevels(asked, given) > 0;
}

function checkMethod(method: Method, report: Report): void {
  const { level } = method;
  if (level === undefined) return;
  const wanting = method.stateEffects.filter((effect) => asksTooMuch(effect, level.level));
  const [first] = wanting;
  if (first === undefined) return;
  const weakest = wanting.map((effect) => stateOf(effect).level).reduce((a, b) => (compareLevels(a, b) <= 0 ? a : b));
  const firsts = firstOfEach(wanting);
  const states = firsts.map(stateOf);
  const names = states.map(({ name }) => name);
  const labels = list(states.map((state) => `\`${state.name}\` (${levelName(state.level)})`));
  const cells = firsts.flatMap((effect) => ("cell" in effect ? [effect.cell] : []));
  const through = throughCalls(first.through, first.site);
  report({
    at: level.site,
    message: `\`${method.name}\` asks for ${levelName(level.level)} reads, but ${labels} ${states.length === 1 ? "gives" : "give"} less${through === "" ? "" : `, read${through}`}.`,
    why: cells.length > 0 ? consequence(names, level.level) : ofStores(names, level.level),
    help: `Ask for \`@${decoratorOf(weakest)}()\`, or ${remedy(names, cells.length === states.length, level.level)}.`,
    related: firsts.map((effect) => {
      const { name, level: given } = stateOf(effect);
      return { at: effect.site, message: `\`${name}\` is ${levelName(given)}, and read here` };
    }),
    fixes: [
      report.fixes.relevel(level, weakest),
      cells.length === states.length ? report.fixes.raise(cells, level.level) : undefined,
    ],
  });
}

/** Reads that say themselves what they ask for, or go through a method that asks for less, are not this method's. */
function asksTooMuch(effect: StateEffect, level: Level): boolean {
  if (effect.access !== "read" || ("cell" in effect && effect.readAt !== undefined)) return false;
  return effect.methodLevel === level && isStronger(level, stateOf(effect).level);
}

function remedy(names: readonly string[], areCells: boolean, level: Level): string {
  const all = list(names.map((name) => `\`${name}\``));
  return areCells ? `make ${all} \`@${decoratorOf(level)}()\`` : `read what is ${levelName(level)} in place of ${all}`;
}

/** The label says what the store gives; a method cannot make it give more. */
function ofStores(names: readonly string[], level: Level): string {
  const stores = list(names.map((name) => `\`${name}\``));
  return `What ${stores} ${names.length === 1 ? "answers" : "answer"} may be old, whatever the method asks for, and whoever calls it counts on a ${levelName(level)} answer.`;
}

function tellRead(read: LevelRead, report: Report): void {
  const { cell, level, through } = read;
  const given = cell.level ?? "none";
  report({
    at: read.site,
    message: `\`${cell.name}\` is ${levelName(given)} and cannot be read at ${levelName(level)}${through === undefined ? "" : `, which \`${through}()\` asks for`}.`,
    why: consequence([cell.name], level),
    help:
      through === undefined
        ? `Read it at its own level, or make \`${cell.name}\` \`@${decoratorOf(level)}()\`.`
        : `Ask for ${levelName(given)} at most in \`${through}\`, or make \`${cell.name}\` \`@${decoratorOf(level)}()\`.`,
    related: [{ at: cell.annotation?.site ?? cell.site, message: `\`${cell.name}\` is ${levelName(given)} by this` }],
    fixes: [report.fixes.readAtOwnLevel(read), report.fixes.raise([cell], level)],
  });
}

function consequence(names: readonly string[], level: Level): string {
  const cells = list(names.map((name) => `\`${name}\``));
  return `Writes to ${cells} are not waited for as ${levelName(level)} ones are, so no way of reading makes up for it: the read throws a \`LevelError\`, and whoever counts on a ${levelName(level)} answer gets none.`;
}

/** What says the level of several cells is told once. */
function checkSubclasses(releveled: readonly ReleveledCell[], report: Report): void {
  const weakened = releveled.filter(({ cell, base }) => isStronger(base.level ?? "none", cell.level));
  for (const [index, first] of weakened.entries()) {
    const same = weakened.filter(({ site }) => isSamePlace(site, first.site));
    if (same[0] === weakened[index]) tellWeakened(first, same, report);
  }
}

function isSamePlace(a: ReleveledCell["site"], b: ReleveledCell["site"]): boolean {
  const [x, y] = [a.range.start, b.range.start];
  return a.file === b.file && x.line === y.line && x.column === y.column;
}

function tellWeakened(first: ReleveledCell, same: readonly ReleveledCell[], report: Report): void {
  const names = list(same.map(({ cell }) => `\`${cell.name}\``));
  const { owner } = first.base;
  const levels = same.map(({ base }) => base.level ?? "none");
  const top = levels.reduce(strongest);
  const { annotation } = first.cell;
  const isSaidHere = annotation !== undefined && isSamePlace(annotation.site, first.site);
  report({
    at: first.site,
    message: `\`${first.subclass}\` makes ${names} ${levelName(first.cell.level ?? "none")}, but inherits ${same.length === 1 ? "it" : "them"} from \`${owner}\` as ${list([...new Set(levels)].map(levelName))}.`,
    why: `Code that is given a \`${owner}\` counts on what \`${owner}\` promises. Given a \`${first.subclass}\` it reads old values, and nothing in its types says so.`,
    help: `Keep ${names} at least ${levelName(top)} in \`${first.subclass}\`, or weaken \`${owner}\`, so that everybody sees it.`,
    related: same.map(({ base }) => ({
      at: base.annotation?.site ?? base.site,
      message: `\`${base.name}\` is ${levelName(base.level ?? "none")} in \`${base.owner}\``,
    })),
    fixes: [
      annotation !== undefined && isSaidHere
        ? report.fixes.relevel(annotation, top)
        : report.fixes.raise(
            same.map(({ cell }) => cell),
            top,
          ),
    ],
  });
}

function firstOfEach(effects: readonly StateEffect[]): readonly StateEffect[] {
  return effects.filter(
    (effect, index) => effects.findIndex((each) => stateOf(each).state === stateOf(effect).state) === index,
  );
}
