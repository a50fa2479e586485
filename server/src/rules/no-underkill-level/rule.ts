import { compareLevels, isAtLeast } from "../../../../runtime/src/levels.js";
import type { Cell } from "../../analysis/model.js";
import { type ClassifiedCell, classificationOf } from "../common/classification.js";
import type { Report, Rule } from "../rule.js";
import { decoratorOf, levelName } from "../words.js";

/** What may not go wrong even for a moment needs replicas that agree before they answer. */
export const noUnderkillLevel: Rule = {
  id: "no-underkill-level",
  severity: "warning",
  summary: "Money, stock, bookings, credentials, audit records and the like at a level that cannot keep them right.",
  check(model, report) {
    const inherited = new Set(model.releveled.map(({ cell }) => cell));
    for (const cell of model.cells) {
      if (cell.level === undefined || isAtLeast(cell.level, "sequential")) continue;
      // That a subclass weakens what it inherits is said by `no-level-strengthening`.
      if (inherited.has(cell)) continue;
      const classified = classificationOf(cell);
      if (classified !== undefined && isTooWeak(cell, classified)) tell(cell, classified, report);
    }
  },
};

/** What only has to converge may be held at no level at all: approximate counts are a choice. */
function isTooWeak({ level }: Cell, { classification: { weakest } }: ClassifiedCell): boolean {
  if (level === undefined || weakest === undefined || !isAtLeast(weakest, "causal")) return false;
  return compareLevels(level, weakest) < 0;
}

function tell(cell: Cell, { category, classification, because }: ClassifiedCell, report: Report): void {
  const { name, level, annotation, dataType } = cell;
  const { weakest, loss } = classification;
  if (level === undefined || weakest === undefined || loss === undefined || annotation === undefined) return;
  const merged =
    dataType === "counter" && weakest !== "causal"
      ? " Merging loses no decrement, but nobody can refuse one too many."
      : "";
  const usual = `\`@${decoratorOf(category.usual)}()\``;
  const least = category.usual === weakest ? "" : `, or at least \`@${decoratorOf(weakest)}()\``;
  report({
    at: annotation.site,
    message: `\`${name}\` ${level === "none" ? "has" : "is"} ${levelName(level)}, but ${because} it holds ${category.name}.`,
    why: `${loss}${merged}`,
    help: `Use ${usual}${least}. If it is a copy, or conflicts are settled elsewhere, suppress this with the reason.`,
    related: cell.ownsAnnotation ? [] : [{ at: cell.site, message: `\`${name}\` takes its level from the class` }],
    fixes: [...new Set([category.usual, weakest])].map((each) => report.fixes.raise([cell], each)),
  });
}
