import type { CellEffect, FileModel } from "../../analysis/model.js";
import { stateOf } from "../../analysis/states.js";
import { labelled, methodsAround, type Race, racesOf, throughCall } from "../common/races.js";
import { passage } from "../common/weak-flows.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName, list } from "../words.js";

/** A5B of Berenson et al. (SIGMOD 1995): each transaction keeps what has to hold, and both together break it. */
export const noWriteSkew: Rule = {
  id: "no-write-skew",
  severity: "warning",
  summary: "A transaction at causal or below decides by one cell about another, and an invariant is about both.",
  check(model, report) {
    for (const race of racesOf(model).writeSkews) report(problem(model, race, report));
  },
};

function problem(model: FileModel, race: Race, report: Report): Problem {
  const { flow, read, write } = race;
  const invariants = list(flow.invariants.map(({ name }) => `\`${name}\``));
  const other = flow.sameCell ? `\`${stateOf(read).name}\` of other objects` : labelled(read);
  return {
    at: flow.site,
    message: `The transaction \`${flow.within?.name}\` changes ${labelled(write)}${throughCall(flow)} by what it reads of ${other}, and ${invariants} ${flow.invariants.length > 1 ? "are" : "is"} about both.`,
    why: consequence(race, invariants),
    help: `Raise all that the transaction touches to linearizable or sequential: there, one of the two is run again and sees what the other did. Or make the conflict visible: keep what ${invariants} is about in one such cell, which every such transaction updates.`,
    related: [
      ...passage(race),
      ...flow.invariants.map(({ name, site }) => ({ at: site, message: `\`${name}\` has to hold of both` })),
    ],
    fixes: fixes(model, race, report),
  };
}

function consequence({ flow, read, write, level }: Race, invariants: string): string {
  const [from, to] = [`\`${stateOf(read).name}\``, `\`${stateOf(write).name}\``];
  const both = flow.sameCell
    ? `Another that runs at the same time, and decides by this object's ${to} about its own`
    : `Another that runs at the same time and changes ${from}`;
  const isolation =
    level === "causal" && read.level === "causal"
      ? "A causal transaction reads one snapshot and is not compared with others when it commits."
      : `At ${levelName(level)} a transaction isolates nothing.`;
  return `${isolation} ${both} sees nothing of this one: each leaves ${invariants} true for what it saw, and together they make it false. No merge repairs that.`;
}

/** A transaction of several levels keeps each one's promise and no more, so all that it touches has to be raised. */
function fixes(model: FileModel, { flow, read, write }: Race, report: Report): NonNullable<Problem["fixes"]> {
  const touched = methodsAround(model, flow).flatMap(({ effects }) => effects);
  const effects = [...touched, read, write].filter((effect): effect is CellEffect => "cell" in effect);
  const cells = [...new Map(effects.map(({ cell }) => [`${cell.owner}.${cell.name}`, cell])).values()];
  return [report.fixes.raise(cells, "linearizable"), report.fixes.raise(cells, "sequential")];
}
