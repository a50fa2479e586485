import { isAtLeast } from "../../../../runtime/src/levels.js";
import type { Cell } from "../../analysis/model.js";
import { isStrongCounter } from "../common/classification.js";
import type { Rule } from "../rule.js";
import { levelName, majorityFloorText } from "../words.js";
import { namesSomethingScarce } from "./scarce.js";

/**
 * Increments commute, so replicas that count apart agree once they merge (Shapiro et al., SSS 2011, PN-counter): a total
 * order buys nothing unless somebody decides by the value.
 */
export const noStrongCounter: Rule = {
  id: "no-strong-counter",
  severity: "warning",
  summary: "A linearizable or sequential counter whose value decides nothing.",
  check(model, report) {
    for (const cell of model.cells) {
      if (!isStrongCounter(cell) || cell.annotation === undefined || namesSomethingScarce(cell) || isNeeded(cell))
        continue;
      const level = levelName(cell.annotation.level);
      const kind =
        cell.dataType === "counter" ? `a ${level} counter` : `a ${level} register that is only ever incremented`;
      report({
        at: cell.annotation.site,
        message: `\`${cell.name}\` is ${kind}, but nothing is decided by its value.`,
        why: `Every increment waits for a majority ${majorityFloorText(model.regions)}and is refused on the cut-off side.`,
        help: "Use `@Eventual() counter()`: it answers locally, and merging replicas loses no increment.",
        related: cell.ownsAnnotation
          ? []
          : [{ at: cell.site, message: `\`${cell.name}\` takes its level from the class` }],
        fixes: [report.fixes.eventualCounter(cell)],
      });
    }
  },
};

/** Its value guards something, an invariant reads it, or its level holds a transaction together. */
function isNeeded(cell: Cell): boolean {
  return cell.operations.some(
    (operation) =>
      operation.insideInvariant ||
      operation.decides ||
      (operation.access !== "read" && operation.besideInTransactions.some((level) => isAtLeast(level, "sequential"))),
  );
}
