import type { ProjectionRead } from "../../analysis/view/projection-reads.js";
import type { Problem, Report, Rule } from "../rule.js";
import { throughCalls } from "../words.js";

/** A read model is what was, some time ago: good enough to answer from, not to decide on (Young; Vernon). */
export const noProjectionInCommand: Rule = {
  id: "no-projection-in-command",
  severity: "error",
  summary: "A `@Command()` method that decides on a `@ReadModel()`.",
  check(model, report) {
    for (const read of model.projectionReads) report(problem(read, report));
  },
};

function problem(read: ProjectionRead, report: Report): Problem {
  const { command, readModel, site, mark, through } = read;
  const called = through.length === 0 ? "" : `,${throughCalls(through, read.read)}`;
  return {
    at: site,
    message: `\`${command}\` is a command, but decides on \`${readModel}\`, a read model${called}.`,
    why: `\`${readModel}\` follows what was written some time later: until then every command finds there what is no longer so, and two of them give away the same thing.`,
    help: `Decide on the write model, in its \`update\` or a transaction, or write with the version that you expect, and leave \`${readModel}\` to queries.`,
    related: [
      { at: mark, message: `\`${readModel}\` is a read model` },
      ...(through.length === 0 ? [] : [{ at: read.read, message: `\`${readModel}\` is read here` }]),
    ],
    fixes: [report.fixes.readWriteModel(read)],
  };
}
