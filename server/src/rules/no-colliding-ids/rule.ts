import { isAtLeast } from "../../../../runtime/src/levels.js";
import type { FileModel } from "../../analysis/model.js";
import { type StateEffect, stateOf } from "../../analysis/states.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName, list } from "../words.js";

type NewIdentity = FileModel["newIdentities"][number];
type Origin = NewIdentity["origins"][number];

/**
 * Below linearizable two clients can count the same entries and give their new ones the same id. What is unique without
 * asking anybody is either random (RFC 9562) or begins with who made it (Twitter Snowflake).
 */
export const noCollidingIds: Rule = {
  id: "no-colliding-ids",
  severity: "error",
  summary: "A new key or id is computed from a count, a maximum or a counter that others may see the same.",
  check(model, report) {
    for (const identity of model.newIdentities) {
      const origins = identity.isDistinct ? [] : identity.origins.filter((origin) => collides(identity, origin));
      const [first] = origins;
      if (first !== undefined) report(problem(identity, origins, first, report));
    }
  },
};

function collides({ of, transaction }: NewIdentity, origin: Origin): boolean {
  const { read } = origin;
  if (isAtLeast(read.level, "linearizable")) return false;
  // One order of all updates and transactions is enough to give each a number of its own.
  if (isAtLeast(read.level, "sequential") && (read.access === "update" || transaction === "always")) return false;
  // Objects that are there already are opened by the same numbers.
  const isNew = of.kind !== "object" || origin.isArithmetic || read.access === "update";
  return isNew && (origin.isCount || origin.isExtreme || isSequence(origin));
}

/** A register that holds the next number. */
function isSequence({ read, isArithmetic, isSequence: goesBack }: Origin): boolean {
  if (!("cell" in read) || read.cell.dataType !== "register" || typeof read.cell.initial !== "number") return false;
  return isArithmetic || goesBack || read.access === "update";
}

function problem(identity: NewIdentity, origins: readonly Origin[], first: Origin, report: Report): Problem {
  const { within, call } = identity;
  const who = within === undefined ? "This code" : `\`${within}\``;
  const from = list([...new Set(origins.map(sourceOf))]);
  const through = call === undefined ? "" : ` through \`${call}()\``;
  return {
    at: identity.site,
    message: `${who} computes ${targetOf(identity)}${through} from ${from}, so two that run at once can come to the same.`,
    why: `${reasons[first.read.level] ?? ""} ${loss(identity)}`,
    help: "Use `crypto.randomUUID()`; or count with a linearizable `update`, or in a linearizable transaction that also inserts: a linearizable count by itself is old as soon as somebody else inserts.",
    related: origins.map(({ read }) => ({ at: read.site, message: `${label(read)} is read here` })),
    fixes: [report.fixes.randomIdentity(identity), report.fixes.agreedSequence(identity)],
  };
}

const reasons: Readonly<Record<string, string>> = {
  none: "Each node counts what it has itself, and never hears of the others.",
  eventual: "Each replica counts what has reached it, and during a partition both sides count on from the same number.",
  causal: "Each replica counts what has reached it, and during a partition both sides count on from the same number.",
  sequential: "The replica that is asked may lag behind, and others may count the same before the entry is there.",
};

function loss({ of }: NewIdentity): string {
  if (of.kind === "object") return `Two \`${of.type}\` with the same identity are one: the second changes the first.`;
  const name = `\`${stateOf(of.write).name}\``;
  return of.kind === "key"
    ? `Under the same key one entry of ${name} takes the place of the other, and is lost.`
    : `${name} then has two entries that nobody can tell apart by their id.`;
}

function targetOf({ of }: NewIdentity): string {
  if (of.kind === "object") return `the identity of a new \`${of.type}\``;
  return of.kind === "key" ? `a key of ${label(of.write)}` : `the id of something new in ${label(of.write)}`;
}

function label(effect: StateEffect): string {
  const { name, level } = stateOf(effect);
  const at = level === effect.level ? "" : `, read at ${levelName(effect.level)}`;
  return `\`${name}\` (${levelName(level)}${effect.access === "read" ? at : ""})`;
}

function sourceOf({ read, isCount, isExtreme }: Origin): string {
  if ("cell" in read && (read.cell.dataType === "counter" || read.cell.dataType === "register")) return label(read);
  if (isExtreme && !isCount) return `the last id in ${label(read)}`;
  return `the size of ${label(read)}`;
}
