import { isAtLeast } from "../../../../runtime/src/levels.js";
import type { FileModel } from "../../analysis/model.js";
import { stateOf } from "../../analysis/states.js";
import {
  aboutCallers,
  labelled,
  type Race,
  racesOf,
  subjectOf,
  throughCall,
  transactionFix,
  twoRuns,
} from "../common/races.js";
import { passage } from "../common/weak-flows.js";
import type { Problem, Report, Rule } from "../rule.js";
import { capitalised, levelName } from "../words.js";

/** That nothing is there is true when it is read; only a transaction or a single operation keeps it true (Bailis et al. 2015). */
export const noCheckThenAct: Rule = {
  id: "no-check-then-act",
  severity: "error",
  summary: "Something is inserted after a check that it is not there yet, and two can both pass the check.",
  check(model, report) {
    for (const race of racesOf(model).checksThenActs) report(problem(model, race, report));
  },
};

function problem(model: FileModel, race: Race, report: Report): Problem {
  const { flow, read, write } = race;
  const { name } = stateOf(write);
  return {
    at: flow.site,
    message: `${subjectOf(flow)} puts something into ${labelled(write)}${throughCall(flow)} because \`${read.operation}\` found nothing, and two callers can both find nothing.`,
    why: consequence(race, name),
    help: remedy(race, name),
    related: passage(race),
    fixes: fixes(model, race, report),
  };
}

function consequence({ flow, write, level }: Race, name: string): string {
  const twice = capitalised(twoRuns(flow));
  const loss = keepsBoth(write)
    ? `${twice} then both go on as if they were the only one.`
    : `${twice} then both write, \`${name}\` keeps the later, and the first is never told that it has lost its place.`;
  if (isAtLeast(level, "sequential")) {
    return `Check and insert are two operations, and another caller's fit between them. ${loss}${aboutCallers(flow)}`;
  }
  if (flow.within?.transaction === "always" && level === "causal")
    return `A causal transaction checks a snapshot of its own and is not compared with others when it commits. ${loss}`;
  return `At ${levelName(level)} each replica looks only at what has reached it: two callers on two sides of a partition, or a moment apart, both find nothing. ${loss}`;
}

/** Adding twice or appending twice overwrites nothing. */
function keepsBoth({ operation }: Race["write"]): boolean {
  return operation === "add" || operation === "append" || operation === "create";
}

function remedy({ write, level }: Race, name: string): string {
  if ("store" in write)
    return `Let \`${name}\` refuse the second: a unique constraint, or a write that fails where something is.`;
  const atOnce = {
    register: `, or use \`${name}.compareAndSet(…)\``,
    map: `, or use \`${name}.update(key, (current) => current ?? …)\``,
  };
  const { dataType } = write.cell;
  const single = dataType === "register" || dataType === "map" ? atOnce[dataType] : "";
  return isAtLeast(level, "sequential")
    ? `Make check and insert one \`@Transaction()\`${single}.`
    : `Raise \`${name}\` to linearizable and make check and insert one \`@Transaction()\`${single}.`;
}

function fixes(model: FileModel, race: Race, report: Report): NonNullable<Problem["fixes"]> {
  const { flow, read, write, level } = race;
  const atOnce =
    flow.condition !== undefined && "cell" in read && "cell" in write && isAtLeast(level, "sequential")
      ? report.fixes.insertIfAbsent(flow.condition.site, read, write)
      : undefined;
  return [transactionFix(model, race, report.fixes), atOnce];
}
