import { isAtLeast } from "../../../../runtime/src/levels.js";
import type { Cell, FileModel } from "../../analysis/model.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName, list } from "../words.js";

type Deletion = FileModel["deletions"][number];

/**
 * Where replicas are merged, an observed-remove map keeps every put that the delete had not seen (Shapiro et al., A
 * comprehensive study of convergent and commutative replicated data types, 2011, OR-set): a concurrent update wins.
 */
export const noResurrection: Rule = {
  id: "no-resurrection",
  severity: "warning",
  summary: "A key is deleted that may be updated at the same time, where a concurrent update brings it back.",
  check(model, report) {
    for (const deletion of model.deletions)
      if (isMerged(deletion.cell) && !deletion.choosesConflict && deletion.updates.length > 0)
        report(problem(deletion, report));
  },
};

const merging = new Set(["gossip", "causalBroadcast", "multiPrimary"]);

/** Replicas take operations on their own and merge them; others have one order, in which a delete stays a delete. */
function isMerged({ level, annotation }: Cell): boolean {
  if (level === undefined || annotation === undefined) return false;
  const isWeak = level === "eventual" || level === "causal";
  if (annotation.hasDefaultMechanism) return isWeak;
  const name = annotation.mechanism?.name ?? "";
  return merging.has(name) || (isWeak && name === "quorum");
}

function problem(deletion: Deletion, report: Report): Problem {
  const { cell, site, updates } = deletion;
  const name = `\`${cell.name}\``;
  return {
    at: site,
    message: message(deletion),
    why: `Replicas of ${name} are merged, and a delete takes away only what its own replica has seen: after a partition the entry that ${deletedBy(deletion)} has deleted is back, with what was written meanwhile, and nobody is told.`,
    help: `Let deletes win with \`conflict: "remove-wins"\`; or keep a tombstone in place of the entry, such as a value with \`deletedAt\`, that every reader looks for.`,
    related: updates.map((update) => ({
      at: update.site,
      message: `a \`${update.operation}\` here that the delete has not seen brings the key back`,
    })),
    fixes: [report.fixes.removeWins(cell)],
  };
}

function deletedBy({ within }: Deletion): string {
  return within === undefined ? "this" : `\`${within}\``;
}

function message(deletion: Deletion): string {
  const { cell, through, within, updates } = deletion;
  const who = within === undefined ? "This code" : `\`${within}\``;
  const by = through === undefined ? "" : ` through \`${through}()\``;
  const others = [...new Set(updates.map((update) => update.within))];
  const names = others.map((other) =>
    other === within ? "another call of it" : other === undefined ? "other code" : `\`${other}\``,
  );
  return `${who} deletes a key of ${label(cell)}${by} that ${list(names.slice(0, 3), "or")} may update at the same time, and the update wins.`;
}

function label({ name, level = "none", annotation }: Cell): string {
  const mechanism = isAtLeast(level, "sequential") ? `, by \`${annotation?.mechanism?.name}()\`` : "";
  return `\`${name}\` (${levelName(level)}${mechanism})`;
}
