import { isAtLeast } from "../../../../runtime/src/levels.js";
import type { Site } from "../../analysis/model.js";
import { type StateEffect, type StatePair, type StateSequence, stateOf } from "../../analysis/states.js";
import { kindOf, labelled, nameOf, subjectOf, through, writes } from "../common/stores.js";
import type { Problem, Report, Rule } from "../rule.js";

/**
 * No commit spans a database and a broker or an index. Whoever writes one and then the other leaves a moment in which
 * only the first has happened, and after a crash that moment lasts.
 */
export const noDualWrite: Rule = {
  id: "no-dual-write",
  severity: "error",
  summary: "Two stores written one after the other, without an outbox, a saga or a compensation.",
  check(model, report) {
    for (const sequence of model.sequences) checkSequence(sequence, report);
  },
};

/** Each two stores once, and each write once: a compensation of the first settles the later ones as well. */
function checkSequence(sequence: StateSequence, report: Report): void {
  if (sequence.isSaga || tellsOfCure(sequence)) return;
  const told = new Set<string>();
  const places = new Set<Site>();
  for (const pair of sequence.pairs) {
    const { first, second } = pair;
    if (!writes(first.effect) || !writes(second.effect) || !areApart(first.effect, second.effect)) continue;
    if (!pair.isTogether && isMark(second)) continue;
    const key = [first, second]
      .map(({ effect }) => stateOf(effect).name)
      .sort()
      .join();
    if (told.has(key)) continue;
    told.add(key);
    if (places.has(second.site) || pair.isCompensated || isMixedTransaction(sequence, pair)) continue;
    places.add(second.site);
    report(problem(sequence, pair, report));
  }
}

/** What writes an outbox, or sends what is in one, is the cure, and so is a saga that the application wrote itself. */
function tellsOfCure({ text, name, method }: StateSequence): boolean {
  return /outbox/i.test(text) || /outbox|saga|compensat/i.test(`${name} ${method?.owner}`);
}

/**
 * How far a feed has come, noted after what it fed: what was not noted is fed again. (Kafka calls it committing an offset;
 * relays of an outbox set `sent_at`.)
 */
function isMark({ effect, text }: StatePair["second"]): boolean {
  return marks.test("cell" in effect ? effect.cell.name : text);
}

const marks =
  /offset|checkpoint|cursor|watermark|(?:^|[^a-z])(?:last_?)?(?:sent|indexed|relayed|published|delivered|processed|projected|synced)(?:_?(?:at|up_?to))?(?![a-z])/i;

/** Levels that differ within one transaction are told as that. */
function isMixedTransaction({ method }: StateSequence, { first, second }: StatePair): boolean {
  return method?.transaction !== undefined && stateOf(first.effect).level !== stateOf(second.effect).level;
}

/** Known to be two systems: of two repositories or pools nobody can tell that they are not one database. */
function areApart(a: StateEffect, b: StateEffect): boolean {
  const [kind, other] = [kindOf(a), kindOf(b)];
  if (kind === "cache" || other === "cache") return false;
  // What promises nothing need not hold what others hold.
  if ([a, b].some((effect) => stateOf(effect).level === "none")) return false;
  if ([a, b].some((effect) => "cell" in effect && !isAtLeast(effect.cellLevel, "sequential"))) return false;
  if ("cell" in a && "cell" in b) return false;
  if (kind !== other) return true;
  if (kind !== "database" || !("store" in a) || !("store" in b)) return kind === "database";
  if (a.level !== b.level) return true;
  const [from, to] = [a.store.client.from, b.store.client.from];
  return isPackage(from) && isPackage(to) && from !== to;
}

function isPackage(specifier: string | undefined): boolean {
  return specifier !== undefined && !specifier.startsWith(".");
}

function problem(sequence: StateSequence, pair: StatePair, report: Report): Problem {
  const { first, second, isTogether } = pair;
  const order = isTogether ? "together with" : "after";
  return {
    at: second.site,
    message: `${subjectOf(sequence)} ${verb(second.effect)} ${labelled(second.effect)}${through(second)} ${order} ${labelled(first.effect)}${through(first)}, and nothing makes both happen or neither.`,
    why: consequence(pair),
    help: `${cure(pair)}; or make it a saga, or undo \`${first.effect.operation}\` when \`${second.effect.operation}\` fails.`,
    related: [
      { at: first.effect.site, message: `\`${first.effect.operation}\` has changed ${nameOf(first.effect)} by then` },
    ],
    fixes: [
      sequence.method && [first, second].some(({ effect }) => "cell" in effect)
        ? report.fixes.saga(sequence.method, [stateOf(first.effect).state, stateOf(second.effect).state])
        : undefined,
      sequence.method && !isTogether && first.site !== second.site
        ? report.fixes.compensate(sequence.method, first, second)
        : undefined,
    ],
  };
}

function verb(effect: StateEffect): string {
  return kindOf(effect) === "broker" ? "sends to" : "writes";
}

function consequence({ first, second, isTogether }: StatePair): string {
  const [before, after] = [nameOf(first.effect), nameOf(second.effect)];
  if (isTogether)
    return `If one of the two fails, the other stands: ${before} and ${after} contradict each other, and nothing repairs that.`;
  const stop = `If the process stops or \`${second.effect.operation}\` fails in between`;
  if (kindOf(second.effect) === "broker") return `${stop}, ${before} has the change and no consumer ever hears of it.`;
  if (kindOf(first.effect) === "broker") return `${stop}, consumers act on what ${after} never came to hold.`;
  if (kindOf(second.effect) === "search index") return `${stop}, searches in ${after} show the old state for good.`;
  return `${stop}, ${before} has the change and ${after} never gets it; two clients may also change them in opposite order.`;
}

function cure({ first, second }: StatePair): string {
  const [target, source] = kindOf(first.effect) === "database" ? [second, first] : [first, second];
  const change = `in the transaction that changes ${nameOf(source.effect)}`;
  return kindOf(target.effect) === "broker"
    ? `Put the message into an outbox ${change}, and send it from there`
    : `Put the change into an outbox ${change}, and feed ${nameOf(target.effect)} from there`;
}
