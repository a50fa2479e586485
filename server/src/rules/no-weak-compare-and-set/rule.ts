import { compareLevels } from "../../../../runtime/src/levels.js";
import type { Claim } from "../../analysis/view/claims.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName } from "../words.js";

/** Only one order of operations can say who was first. Below sequential there is none, and everybody may be. */
export const noWeakCompareAndSet: Rule = {
  id: "no-weak-compare-and-set",
  severity: "error",
  summary: "Compare-and-set or `update` used as a lock or for uniqueness below sequential.",
  check(model, report) {
    for (const claim of model.claims) {
      const { level } = claim.cell;
      if (level !== undefined && compareLevels(level, "sequential") < 0) report(problem(claim, report));
    }
  },
};

function problem(claim: Claim, report: Report): Problem {
  const { cell, operation, through, within, tells } = claim;
  const level = levelName(cell.level ?? "none");
  const who = within === undefined ? "It is decided" : `\`${within}\` decides`;
  const by = through === undefined ? "" : ` through \`${through}()\``;
  const won =
    tells === "error" ? "neither throws" : operation === "update" ? "both find it theirs" : "both answer `true`";
  return {
    at: claim.site,
    message: `${who} by \`${operation}\` on \`${cell.name}\` (${level})${by} who is first, and several can be.`,
    why: `At this level each replica compares with what it has itself. Of two callers on two sides of a partition, or a moment apart, ${won}; when the replicas merge, \`${cell.name}\` keeps one of them and the other is never told.`,
    help: `Make \`${cell.name}\` \`@Linearizable()\`, or \`@Sequential()\`: then one order decides. What the winner does elsewhere needs a fencing token all the same.`,
    related: [{ at: cell.site, message: `\`${cell.name}\` is declared here` }],
    fixes: [report.fixes.raise([cell], "linearizable"), report.fixes.raise([cell], "sequential")],
  };
}
