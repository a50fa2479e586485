import path from "node:path";
import type { FileModel } from "../../analysis/model.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName } from "../words.js";

type StaleRead = FileModel["staleReads"][number];

/**
 * Read-your-writes is promised to a session, and only from causal up (Terry et al., Session guarantees for weakly
 * consistent replicated data, PDIS 1994): whoever writes in one session and reads in another has no promise at all.
 */
export const noStaleReadAfterWrite: Rule = {
  id: "no-stale-read-after-write",
  severity: "warning",
  summary: "A read after a write of the same cell, through another session or replica, that may miss the write.",
  check(model, report) {
    for (const stale of model.staleReads) report(problem(stale, report));
  },
};

function problem(stale: StaleRead, report: Report): Problem {
  const { read, writeSite, site } = stale;
  const name = `\`${read.cell.name}\``;
  return {
    at: site,
    message: message(stale),
    why: why(stale),
    help: help(stale),
    related: [{ at: writeSite, message: `${name} is written here` }],
    fixes: fixes(stale, report),
  };
}

function message({ read, by, within, call }: StaleRead): string {
  const who = within === undefined ? "This code" : `\`${within}\``;
  const weakened = read.level === "none" ? ", without consistency" : `, at ${read.level}`;
  const at = read.level === read.cellLevel ? "" : weakened;
  const through =
    call === undefined ? "" : ` through \`${call}()\` (${path.basename(read.site.file)}:${read.site.range.start.line})`;
  const what = `\`${read.cell.name}\` (${levelName(read.cellLevel)})${at}${through}`;
  if (by === "session") return `${who} reads ${what}, in another session than the one in which it has just written it.`;
  if (by === "move") return `${who} reads ${what} after its session has moved away from where it has just written it.`;
  return `${who} reads ${what}, which may ask another replica than the one that has just taken its write.`;
}

function why({ read, by }: StaleRead): string {
  const name = `\`${read.cell.name}\``;
  const missed = `what is done with the value of ${name} is done as if the change had not happened`;
  if (by === "replica")
    return `A weaker read is answered from what the nearest replica has applied, and the write need not be there yet: ${missed}.`;
  if (read.level === "none") return `Without consistency a write stays on the node that took it: ${missed}.`;
  return `An eventual read is answered from what its replica has, and the write may still be on its way there: ${missed}.`;
}

function help({ read, by }: StaleRead): string {
  const name = `\`${read.cell.name}\``;
  if (by === "session")
    return `Read in the session that wrote; or make ${name} causal and hand that session's \`token()\` to the other, so that it waits for the write.`;
  if (by === "move")
    return `Read before the session moves; or make ${name} causal, so that a moved session waits for what it has seen.`;
  return read.level === read.cellLevel
    ? `Make ${name} causal, which promises a session its own writes.`
    : `Read ${name} at its own level, which promises a session its own writes.`;
}

function fixes(stale: StaleRead, { fixes: offer }: Report): NonNullable<Problem["fixes"]> {
  const { read, by } = stale;
  if (by === "session") {
    const isWeakened = read.level !== read.cellLevel;
    const raised = isWeakened ? undefined : offer.carryCausality(stale);
    return [offer.readInSameSession(stale), raised ?? offer.readStronger([read], "linearizable")];
  }
  return [read.level === read.cellLevel ? offer.carryCausality(stale) : offer.readStronger([read], read.cellLevel)];
}
