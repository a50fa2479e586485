import { isAtLeast } from "../../../../runtime/src/levels.js";
import type { ReadThenWrite } from "../../analysis/fixes/update-instead.js";
import type { FileModel } from "../../analysis/model.js";
import { type StateEffect, stateOf } from "../../analysis/states.js";
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
import { levelName } from "../words.js";

/** P4 of Berenson et al. (SIGMOD 1995): a level orders single operations, and what happens between two is not among them. */
export const noLostUpdate: Rule = {
  id: "no-lost-update",
  severity: "error",
  summary: "A value is read, changed and written back, and what others write in between is undone.",
  check(model, report) {
    const { lostUpdates } = racesOf(model);
    for (const race of lostUpdates) report(problem(model, race, lostUpdates, report));
  },
};

function problem(model: FileModel, race: Race, all: readonly Race[], report: Report): Problem {
  const { flow, write } = race;
  return {
    at: flow.site,
    message: `${subjectOf(flow)} reads ${labelled(write)} and ${done(race)}${throughCall(flow)}, as two operations.`,
    why: consequence(race),
    help: remedy(race),
    related: passage(race),
    fixes: fixes(model, race, all, report),
  };
}

function done({ flow, write }: Race): string {
  if (isDeletion(write)) return "deletes from it what it has found there";
  return `writes back what it has made of that${flow.sameKey ? " under the same key" : ""}`;
}

function isDeletion(write: StateEffect): boolean {
  return write.operation === "delete";
}

function consequence({ flow, write, level }: Race): string {
  const name = `\`${stateOf(write).name}\``;
  const between = isDeletion(write)
    ? `Whatever is written to ${name} between this read and this deletion is deleted with it, and nobody is told.`
    : `Whatever is written to ${name} between this read and this write is undone, and nobody is told: of ${twoRuns(flow)} at the same time one has done nothing.`;
  if (isAtLeast(level, "sequential")) {
    return `Each of the two is ${level}, what lies between them is not. ${between}${aboutCallers(flow)}`;
  }
  if (flow.within?.transaction === "always")
    return level === "causal"
      ? `A causal transaction reads a snapshot and is not compared with others when it commits, so two of them can start from the same value. ${between}`
      : `At ${levelName(level)} a transaction isolates nothing. ${between}`;
  return `${between} At ${levelName(level)} that takes no bad luck: a replica that is cut off goes on from the old value for as long as it is.`;
}

function remedy({ write, level }: Race): string {
  const { name } = stateOf(write);
  if ("store" in write) return `Let \`${name}\` do it in one operation, or compare a version when writing.`;
  if (isDeletion(write)) {
    const first = isAtLeast(level, "sequential") ? "" : `raise \`${name}\` to linearizable and `;
    const mark = `mark the entry by \`${name}.update(key, (current) => …)\`, which looks again, and leave out what is marked`;
    return `${first === "" ? "M" : `${first.charAt(0).toUpperCase()}${first.slice(1)}m`}ake both one \`@Transaction()\`, or ${mark}.`;
  }
  const key = write.cell.dataType === "map" ? "key, " : "";
  const update = `\`${name}.update(${key}(current) => …)\``;
  return isAtLeast(level, "sequential")
    ? `Use ${update}, which reads and writes at once, or make both one \`@Transaction()\`.`
    : `Use a \`counter()\` or \`set()\`, which loses no change when replicas merge; or raise \`${name}\` to linearizable and use ${update}.`;
}

function fixes(model: FileModel, race: Race, all: readonly Race[], report: Report): NonNullable<Problem["fixes"]> {
  const transaction = transactionFix(model, race, report.fixes);
  const pair = pairOf(race);
  if (pair === undefined) return [transaction];
  const { cell } = pair.write;
  const pairs = all.flatMap((each) => (isOn(each, race) ? (pairOf(each) ?? []) : []));
  const update = report.fixes.updateInstead(pair, isAtLeast(race.level, "sequential") ? undefined : "linearizable");
  const count = report.fixes.countInstead(cell, pairs);
  return isAtLeast(race.level, "sequential") ? [update, count, transaction] : [count, update, transaction];
}

/** Where both stand in the function itself: a helper that one of them is in has other callers, too. */
function pairOf({ read, write }: Race): ReadThenWrite | undefined {
  if (!("cell" in read) || !("cell" in write) || read.access !== "read") return undefined;
  return read.through.length + write.through.length === 0 ? { read, write } : undefined;
}

function isOn(a: Race, b: Race): boolean {
  const [one, other] = [stateOf(a.write).state.site, stateOf(b.write).state.site];
  return (
    one.file === other.file &&
    one.range.start.line === other.range.start.line &&
    stateOf(a.write).name === stateOf(b.write).name
  );
}
