import { nearest } from "../configuration/index.js";
import type { Finding } from "../documents/finding.js";
import type { FileModel } from "./model.js";
import { isOfSuppression, type Suppression, suppresses } from "./suppressions.js";

/** A suppression without which there would be the same findings, or one that names rules in vain. */
export interface IdleSuppression {
  readonly suppression: Suppression;
  /** The rules that it names in vain; empty where it names none. */
  readonly rules: readonly IdleRule[];
  /** Of one that is not understood: as one of the next line, it would silence something. */
  readonly wouldSilence: boolean;
}

export interface IdleRule {
  readonly id: string;
  readonly reason: "unknown" | "off" | "finds nothing";
  /** For a rule that does not exist: the one that was probably meant, and whether it finds something here. */
  readonly meant: { readonly id: string; readonly finds: boolean } | undefined;
}

/** What is known of rules when suppressions are judged. */
export interface RuleStates {
  /** The ids of all rules. */
  readonly known: readonly string[];
  /** They did not end, so that nobody knows what they would have found. */
  readonly failed: ReadonlySet<string>;
  isOff(id: string): boolean;
  /** It judges suppressions themselves. */
  isLast(id: string): boolean;
}

/**
 * The suppressions that silence nothing. In code that does not parse, rules find less than there is, so that nothing is
 * known of any suppression.
 */
export function idleSuppressionsOf(
  { suppressions, isWhole }: FileModel,
  findings: readonly Finding[],
  states: RuleStates,
): readonly IdleSuppression[] {
  if (!isWhole) return [];
  const ofCode = findings.filter((finding) => !isOfSuppression(finding, suppressions));
  const foundFor = (each: Suppression): readonly Finding[] =>
    (each.rules.length === 0 ? ofCode : findings).filter((finding) => suppresses({ ...each, rules: [] }, finding));
  const foundBelow = (each: Suppression): readonly Finding[] => foundFor({ ...each, lines: linesBeside(each) });
  const idle = suppressions.flatMap((each) => idleOf(each, foundFor(each), states) ?? []);
  // One that silences what is said of another is in use if that other one is idle.
  const isAboutIdle = (one: Suppression): boolean =>
    idle.some(({ suppression }) => suppression !== one && covers(one, suppression));
  return suppressions.flatMap((each) => {
    const found = idleOf(each, foundFor(each), states, isAboutIdle);
    if (found === undefined || each.isUnderstood) return found ?? [];
    const isMeant = ({ rule }: Finding): boolean => each.rules.length === 0 || each.rules.includes(rule);
    return [{ ...found, wouldSilence: foundBelow(each).some(isMeant) }];
  });
}

/** Whoever says `-line` behind code means that code. */
function linesBeside({ site: { range }, nextLine }: Suppression): Suppression["lines"] {
  return { first: range.start.line, last: nextLine };
}

function idleOf(
  suppression: Suppression,
  found: readonly Finding[],
  states: RuleStates,
  /** Until it is known, those that are about suppressions are taken to be in use. */
  isAboutIdle: (suppression: Suppression) => boolean = () => true,
): IdleSuppression | undefined {
  if (suppression.rules.length === 0)
    return found.length > 0 || states.failed.size > 0 ? undefined : { suppression, rules: [], wouldSilence: false };
  const reasonOf = (id: string): IdleRule["reason"] | undefined => {
    if (!states.known.includes(id)) return "unknown";
    if (states.isOff(id)) return "off";
    const isUsed = states.isLast(id) ? isAboutIdle(suppression) : found.some(({ rule }) => rule === id);
    return isUsed || states.failed.has(id) ? undefined : "finds nothing";
  };
  const rules = suppression.rules.flatMap((id) => {
    const reason = reasonOf(id);
    if (reason === undefined) return [];
    const meant = reason === "unknown" ? nearest(id, states.known) : undefined;
    const finds = found.some(({ rule }) => rule === meant);
    return [{ id, reason, meant: meant === undefined ? undefined : { id: meant, finds } }];
  });
  return rules.length === 0 ? undefined : { suppression, rules, wouldSilence: false };
}

function covers({ lines }: Suppression, { site }: Suppression): boolean {
  return site.range.start.line >= lines.first && site.range.start.line <= lines.last;
}
