import type { Cell } from "../../analysis/model.js";
import type { Report, Rule } from "../rule.js";
import { decoratorOf, levelName } from "../words.js";

/**
 * Where several replicas take writes, two values that have not seen each other meet, and one has to be made of them.
 * By default the later one stays whole (Thomas, Majority consensus approach to concurrency control, TODS 1979, §4).
 */
export const requireMerge: Rule = {
  id: "require-merge",
  severity: "warning",
  summary: "An eventual or causal register of an object or a collection, with no `merge` chosen.",
  check(model, report) {
    for (const cell of model.cells) if (isMergedByDefault(cell)) tell(cell, report);
  },
};

/** These take writes at every replica; the others have one place, or a quorum, that decides between them. */
const merging: ReadonlySet<string> = new Set(["gossip", "causalBroadcast", "multiPrimary"]);

function isMergedByDefault({ structure, level, annotation }: Cell): boolean {
  if (structure === undefined || annotation === undefined || !annotation.hasDefaultMerge) return false;
  if (level !== "eventual" && level !== "causal") return false;
  const { mechanism, hasDefaultMechanism } = annotation;
  return hasDefaultMechanism || (mechanism !== undefined && merging.has(mechanism.name));
}

function tell(cell: Cell, report: Report): void {
  const { name, structure, level, annotation } = cell;
  if (structure === undefined || level === undefined || annotation === undefined) return;
  const { contents, loss } = words[structure];
  const instead =
    structure === "object" ? "" : `, make it \`${structure === "map" ? "map" : "set"}()\`, which merges entry by entry`;
  report({
    at: cell.site,
    message: `\`${name}\` is ${level === "eventual" ? "an" : "a"} ${levelName(level)} register of ${contents}, and nothing says how two of its values become one.`,
    why: `By default the last writer wins as a whole: ${loss} at the same time, both succeed, and what one of them did is thrown away.`,
    help: `Choose a merge function (\`@${decoratorOf(level)}({ merge })\`)${instead}, or say \`merge: lastWriterWins\` if losing one is meant.`,
    related: cell.ownsAnnotation ? [] : [{ at: annotation.site, message: `\`${name}\` takes its level from here` }],
    fixes: [
      report.fixes.chooseMerge(cell, "function"),
      report.fixes.chooseMerge(cell, "lastWriterWins"),
      report.fixes.collection(cell),
    ],
  });
}

const words = {
  object: { contents: "an object", loss: "two clients change different parts of it" },
  array: { contents: "an array", loss: "two clients each add an element" },
  set: { contents: "a set", loss: "two clients each add an element" },
  map: { contents: "a map", loss: "two clients each put an entry" },
} as const;
