import { type StateAct, type StatePair, type StateSequence, stateOf } from "../../analysis/states.js";
import { isOfItsOwn, kindOf, labelled, nameOf, onePerPlace, subjectOf, through, writes } from "../common/stores.js";
import type { Problem, Report, Rule } from "../rule.js";

/**
 * Whoever misses in a cache fills it from the store. An entry that is deleted before the change is committed is filled
 * with the old value again, and nothing deletes it a second time.
 */
export const noEarlyInvalidation: Rule = {
  id: "no-early-invalidation",
  severity: "error",
  summary: "A cache entry deleted or refreshed before the write that it follows is committed.",
  check(model, report) {
    for (const sequence of model.sequences) {
      const early = sequence.pairs.filter((pair) => isEarly(pair) && !isRepeated(sequence, pair));
      for (const pair of onePerPlace(early)) report(problem(sequence, pair, report));
    }
  },
};

function isEarly(pair: StatePair): boolean {
  const { cache, change } = rolesOf(pair);
  if (cache === undefined || change === undefined) return false;
  if (pair.first === change && !pair.isTogether && pair.uncommittedUntil === undefined) return false;
  // A new value is a refresh of this change only if it is made of the same things; an entry may well have a fixed name.
  if (isDeletion(cache)) return pair.sharesKey !== false;
  return cache === pair.first ? pair.sharesValue.first : pair.sharesValue.second;
}

/** Which of the two is the entry in the cache, and which the change that makes it old. */
function rolesOf({ first, second }: StatePair): { readonly cache?: StateAct; readonly change?: StateAct } {
  const [cache, change] = kindOf(first.effect) === "cache" ? [first, second] : [second, first];
  const isStored = kindOf(change.effect) === "database" && stateOf(change.effect).level !== "none";
  const isPair = isEntry(cache) && isStored && writes(change.effect);
  return isPair ? { cache, change } : {};
}

const refreshes = /^(?:h?m?set|p?setex|put|save|store|write|update)/i;

function isEntry(act: StateAct): boolean {
  const { effect } = act;
  if (kindOf(effect) !== "cache" || !writes(effect) || isOfItsOwn(act)) return false;
  if (/\bNX\b/.test(act.text)) return false;
  return isDeletion(act) || refreshes.test(effect.operation);
}

function isDeletion({ effect }: StateAct): boolean {
  return "store" in effect ? effect.action === "delete" : effect.operation === "delete";
}

/** Deleted before and after: the second time is the one that counts. */
function isRepeated({ pairs }: StateSequence, pair: StatePair): boolean {
  const { cache, change } = rolesOf(pair);
  return pairs.some(
    (each) =>
      each.first === change &&
      !each.isTogether &&
      each.uncommittedUntil === undefined &&
      isEntry(each.second) &&
      cache !== undefined &&
      stateOf(each.second.effect).state === stateOf(cache.effect).state,
  );
}

function problem(sequence: StateSequence, pair: StatePair, report: Report): Problem {
  const { cache = pair.first, change = pair.second } = rolesOf(pair);
  const verb = isDeletion(cache) ? "deletes from" : "refreshes";
  const made = `the change of ${labelled(change.effect)}${through(change)}`;
  const order = pair.isTogether ? `beside ${made} and not after it` : `before ${made} is committed`;
  const other = pair.second === cache ? change : cache;
  return {
    at: pair.second.site,
    message: `${subjectOf(sequence)} ${verb} ${labelled(cache.effect)}${through(cache)} ${order}.`,
    why: consequence(cache, change),
    help: `${isDeletion(cache) ? "Delete" : "Delete or refresh"} the entry of ${nameOf(cache.effect)} after \`${change.effect.operation}\`${pair.uncommittedUntil === undefined ? "" : ", when the transaction is committed"}.`,
    related: [
      {
        at: other.effect.site,
        message: `\`${other.effect.operation}\` ${other === cache ? "is too early for" : "changes"} ${nameOf(change.effect)}`,
      },
    ],
    fixes: [report.fixes.runAfter(cache, change, pair.uncommittedUntil)],
  };
}

function consequence(cache: StateAct, change: StateAct): string {
  const [entry, store] = [nameOf(cache.effect), nameOf(change.effect)];
  if (isDeletion(cache))
    return `Whoever misses in ${entry} in between fills it with the old value from ${store}; nothing deletes that again, so ${entry} shows it for good.`;
  return `If the change of ${store} fails or aborts, ${entry} shows a value that was never stored, and until then a value that nobody else can see.`;
}
