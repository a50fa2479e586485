import { type StateEffect, stateOf } from "../../analysis/states.js";
import type { QueryWrite } from "../../analysis/view/query-writes.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName, list, throughCalls } from "../words.js";

/** Asking a question does not change the answer (Meyer). Caches, retries and copies rely on it. */
export const noWriteInQuery: Rule = {
  id: "no-write-in-query",
  severity: "error",
  summary: "A `@Query()` method that changes state, through any call.",
  check(model, report) {
    for (const write of model.queryWrites) report(problem(write, report));
  },
};

function problem(write: QueryWrite, report: Report): Problem {
  const { query, annotation, site, writes, command } = write;
  return {
    at: site,
    message: `\`${query}\` is a query, but ${what(write)}.`,
    why: `Whoever asks expects to change nothing: a retry or a prefetch asks twice, a kept answer spares asking, and ${changed(writes)} as often.`,
    help: `Make \`${query}\` a \`@Command()\`, or leave the change to a command and only answer here.`,
    related: [
      ...writes
        .slice(0, 3)
        .map((each) => ({ at: each.site, message: `\`${each.operation}\` changes ${described(each)}` })),
      ...(command === undefined ? [] : [{ at: command.site, message: `\`${command.name}\` is a command` }]),
    ],
    fixes: [annotation && report.fixes.makeCommand(annotation, query)],
  };
}

function what({ writes, command }: QueryWrite): string {
  const [first] = writes;
  if (first === undefined) {
    const [outer, inner] = command?.through ?? [];
    const through = inner === undefined || outer === undefined ? "" : throughCalls([outer], inner.site);
    return `runs the command \`${command?.name}\`${through}`;
  }
  const others = namesOf(writes).filter((name) => name !== namesOf([first])[0]);
  const also = others.length === 0 ? "" : `, and ${list(others)} too`;
  return `changes ${described(first)}${throughCalls(first.through, first.site)}${also}`;
}

function changed(writes: readonly StateEffect[]): string {
  const names = namesOf(writes);
  if (names.length === 0) return "the command is run";
  return `${list(names)} ${names.length === 1 ? "is" : "are"} changed`;
}

function namesOf(effects: readonly StateEffect[]): readonly string[] {
  return [...new Set(effects.map((effect) => `\`${stateOf(effect).name}\``))];
}

function described(effect: StateEffect): string {
  const { name, level } = stateOf(effect);
  return `\`${name}\` (${levelName(level)})`;
}
