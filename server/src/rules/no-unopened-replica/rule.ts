import type { Construction } from "../../analysis/model.js";
import type { Problem, Report, Rule } from "../rule.js";
import { list } from "../words.js";

/** Cells are bound when an object is opened under its identity; what `new` gives has none, and every operation throws. */
export const noUnopenedReplica: Rule = {
  id: "no-unopened-replica",
  severity: "error",
  summary: "`new` of a replicated class outside `open` and `replicated`, as dependency injection does.",
  check(model, report) {
    for (const construction of model.constructions) report(problem(construction, report));
  },
};

function problem(construction: Construction, report: Report): Problem {
  const { owner, cells, site, declaration } = construction;
  const names = cells.slice(0, 3).map((cell) => `\`${cell.name}\``);
  const all = cells.length > 3 ? [...names, "the others"] : names;
  return {
    at: site,
    message: `This \`${owner}\` is made by \`new\` and never opened, so ${list(all)} ${cells.length === 1 ? "belongs" : "belong"} to no replica.`,
    why: `The first operation on ${names[0]} throws. Nothing says which \`${owner}\` it is, so there is nothing that other replicas could hold or agree on.`,
    help: `Use \`open(${owner}, id)\`; where construction needs more than the identity, \`replicated(${owner}, { create: (id) => new ${owner}(id, …) })\` and open that.`,
    related: [{ at: declaration, message: `\`${owner}\` is replicated` }],
    fixes: [report.fixes.openInstead(construction)],
  };
}
