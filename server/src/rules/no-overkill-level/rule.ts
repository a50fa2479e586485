import { compareLevels, isAtLeast, type Level, strongest } from "../../../../runtime/src/levels.js";
import type { Cell } from "../../analysis/model.js";
import type { Regions } from "../../configuration/index.js";
import { type ClassifiedCell, classificationOf, isStrongCounter } from "../common/classification.js";
import type { Report, Rule } from "../rule.js";
import { decoratorOf, levelName, list, majorityFloorText } from "../words.js";

/** What nobody is harmed by when it is a moment old does not have to wait for a majority. */
export const noOverkillLevel: Rule = {
  id: "no-overkill-level",
  severity: "information",
  summary: "Preferences, statistics, copies, presence and the like at sequential or linearizable.",
  check(model, report) {
    for (const cell of model.cells) {
      // Counters are left to `no-strong-counter`, which looks at what becomes of their value.
      if (cell.level === undefined || !isAtLeast(cell.level, "sequential") || isStrongCounter(cell)) continue;
      const classified = classificationOf(cell);
      if (classified !== undefined && isTooStrong(cell.level, classified) && !isNeeded(cell, classified))
        tell(cell, classified, model.regions, report);
    }
  },
};

/** A copy or a sum is weak whatever it is made of; "payment preferences" may be more than preferences. */
function isTooStrong(level: Level, { category, classification }: ClassifiedCell): boolean {
  if (compareLevels(level, category.strongest) <= 0) return false;
  return category.isDerived === true || classification.stricter.length === 0;
}

/** An invariant reads it, something is decided by it, or its level holds a transaction together. */
function isNeeded(cell: Cell, { category }: ClassifiedCell): boolean {
  return cell.operations.some(
    (operation) =>
      operation.insideInvariant ||
      operation.name === "compareAndSet" ||
      // That a cache has no entry decides that one is made, whatever the level.
      (operation.guards && category.isDerived !== true) ||
      operation.besideInTransactions.some((level) => isAtLeast(level, "sequential")),
  );
}

function tell(cell: Cell, { category, because }: ClassifiedCell, regions: Regions, report: Report): void {
  const { name, level, annotation } = cell;
  if (level === undefined || annotation === undefined) return;
  const enough = [...new Set([strongest(category.weakest, "eventual"), category.usual])];
  const decorators = enough.map((each) => `\`@${decoratorOf(each)}()\``);
  report({
    at: annotation.site,
    message: `\`${name}\` is ${levelName(level)}, but ${because} it holds ${category.name}.`,
    why: `Every write waits for a majority ${majorityFloorText(regions)}and is refused on the cut-off side. ${category.loss}`,
    help: `Use ${list(decorators, "or")}. If something does depend on everyone seeing the same \`${name}\`, suppress this and say what.`,
    related: cell.ownsAnnotation ? [] : [{ at: cell.site, message: `\`${name}\` takes its level from the class` }],
    fixes: enough.map((each) => report.fixes.weaken([cell], each)),
  });
}
