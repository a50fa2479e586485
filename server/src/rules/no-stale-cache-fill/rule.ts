import { type StateAct, type StatePair, type StateSequence, stateOf } from "../../analysis/states.js";
import { isOfItsOwn, kindOf, labelled, nameOf, onePerPlace, subjectOf, through, writes } from "../common/stores.js";
import type { Problem, Report, Rule } from "../rule.js";

/**
 * Between the read of the store and the fill of the cache others may change the store and delete the entry. The fill then
 * brings the old value back (Nishtala et al., NSDI 2013, call it a stale set and give leases against it).
 */
export const noStaleCacheFill: Rule = {
  id: "no-stale-cache-fill",
  severity: "error",
  summary: "A cache filled with what was read from a store, without version, compare-and-set or time to live.",
  check(model, report) {
    for (const sequence of model.sequences) {
      const stale = sequence.pairs.filter((pair) => isStaleFill(sequence, pair));
      for (const pair of onePerPlace(stale)) report(problem(sequence, pair, report));
    }
  },
};

function isStaleFill(sequence: StateSequence, { first, second, isTogether, passesOn }: StatePair): boolean {
  if (isTogether || first.effect.access !== "read" || kindOf(first.effect) !== "database" || !isFill(second))
    return false;
  return passesOn && !isKept(sequence, second) && !isWrittenBetween(sequence, first, second);
}

const fills = /^(?:h?m?set|put|save|store|write|insert)/i;

function isFill(act: StateAct): boolean {
  const { effect } = act;
  if (kindOf(effect) !== "cache" || effect.access !== "write" || !fills.test(effect.operation) || isOfItsOwn(act))
    return false;
  return "store" in effect
    ? !effect.isBounded && !effect.store.expiresByDefault
    : effect.cell.annotation?.mechanism === undefined;
}

/** Something else keeps the old value out, or ends its life: an expiry set afterwards, a lock, a version. */
function isKept({ text, acts }: StateSequence, fill: StateAct): boolean {
  if (/\b(?:with)?(?:lock|lease|mutex|redlock)|single_?flight/i.test(text)) return true;
  if ("cell" in fill.effect && /version|etag|revision|expires|ttl/i.test(text)) return true;
  const { state } = stateOf(fill.effect);
  return acts.some(({ effect }) => stateOf(effect).state === state && /expire|watch|touch/i.test(effect.operation));
}

/** Then the entry shows what was just written, as any refresh does. */
function isWrittenBetween({ acts }: StateSequence, first: StateAct, second: StateAct): boolean {
  const { state } = stateOf(first.effect);
  return acts
    .slice(acts.indexOf(first) + 1, acts.indexOf(second))
    .some(({ effect }) => writes(effect) && stateOf(effect).state === state);
}

function problem(sequence: StateSequence, { first, second }: StatePair, report: Report): Problem {
  const [store, entry] = [nameOf(first.effect), nameOf(second.effect)];
  return {
    at: second.site,
    message: `${subjectOf(sequence)} fills ${labelled(second.effect)}${through(second)} with what it read from ${labelled(first.effect)}, without version, compare-and-set or time to live.`,
    why: `Between the read and \`${second.effect.operation}\` others may change ${store} and delete the entry; then the old value comes back into ${entry}, and nothing deletes it again.`,
    help: `Give the entry a time to live, or set it only if nobody has changed it since, by a version or a lease.`,
    related: [
      {
        at: first.effect.site,
        message: `\`${first.effect.operation}\` reads ${store}; the value may be old from here on`,
      },
    ],
    fixes: [report.fixes.timeToLive(second)],
  };
}
