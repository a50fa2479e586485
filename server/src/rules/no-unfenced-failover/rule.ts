import type { Configuration } from "../common/configurations.js";
import { configurationsOf, isUnfenced } from "../common/configurations.js";
import type { Report, Rule } from "../rule.js";
import { levelName, list } from "../words.js";

/**
 * A primary that was replaced while it was paused or cut off does not know it. Only an epoch that the others check with
 * each write, a fencing token, keeps it from going on (Kleppmann, Designing Data-Intensive Applications, ch. 8).
 */
export const noUnfencedFailover: Rule = {
  id: "no-unfenced-failover",
  severity: "error",
  summary: "`primaryReplica` with automatic failover and without fencing.",
  check(model, report) {
    for (const configuration of configurationsOf(model)) if (isUnfenced(configuration)) tell(configuration, report);
  },
};

function tell({ call, cells: all, at }: Configuration, report: Report): void {
  const cells = all.filter((cell) => cell.level !== "none");
  const names = list(cells.map((cell) => `\`${cell.name}\``));
  const labels = list(cells.map((cell) => `\`${cell.name}\` (${levelName(cell.level ?? "none")})`));
  report({
    at,
    message: `${labels} ${cells.length === 1 ? "gets" : "get"} a new primary automatically, but nothing stops the old one (\`fencing: false\`).`,
    why: `A primary that is only paused or cut off is replaced, wakes up, and goes on accepting writes: two primaries answer for ${names}, and when they meet the writes of one are thrown away after they were acknowledged.`,
    help: "Set `fencing: true`, so that a replaced primary is refused, or fail over by hand.",
    related: cells
      .filter((cell) => cell.site.file !== at.file || cell.site.range.start.line !== at.range.start.line)
      .map((cell) => ({ at: cell.site, message: `\`${cell.name}\` is kept by this primary` })),
    fixes: [report.fixes.configure(call, { fencing: true }, "safe")],
  });
}
