import type { IdleRule, IdleSuppression } from "../../analysis/idle-suppressions.js";
import type { Suppression } from "../../analysis/suppressions.js";
import type { Fix } from "../../documents/finding.js";
import type { Report, Rule } from "../rule.js";
import { capitalised, list } from "../words.js";

/** As ESLint's `reportUnusedDisableDirectives`: what silences nothing today silences the wrong thing tomorrow. */
export const noUnusedSuppression: Rule = {
  id: "no-unused-suppression",
  severity: "warning",
  comesLast: true,
  summary: "A suppression that suppresses nothing, or names a rule that does not exist.",
  check({ idleSuppressions }, report) {
    for (const idle of idleSuppressions) {
      report({
        at: idle.suppression.site,
        message: messageOf(idle),
        why: "A suppression that outlives its finding waits for the next one: whoever breaks this code later is not told.",
        help: helpOf(idle),
        fixes: fixesOf(idle, report),
      });
    }
  },
};

function messageOf({ suppression, rules }: IdleSuppression): string {
  const { directive, lines } = suppression;
  if (!suppression.isUnderstood) return `\`${directive}\` suppresses nothing: there is no such word.`;
  const where = lines.last === Number.POSITIVE_INFINITY ? "from here to the end of the file" : "on the next line";
  if (rules.length === 0) return `No rule finds anything ${where}, so there is nothing to suppress.`;
  const because = (reason: IdleRule["reason"]): readonly string[] =>
    rules.filter((rule) => rule.reason === reason).map(({ id }) => `\`${id}\``);
  const [silent, off, missing] = [because("finds nothing"), because("off"), because("unknown")];
  const parts = [
    ...(silent.length > 0 ? [`${list(silent)} ${silent.length > 1 ? "find" : "finds"} nothing ${where}`] : []),
    ...(off.length > 0 ? [`${list(off)} ${off.length > 1 ? "are" : "is"} switched off for this file`] : []),
    ...(missing.length > 0 ? [`there is no rule ${list(missing, "or")}`] : []),
  ];
  return capitalised(`${list(parts)}, so there is nothing to suppress.`);
}

function helpOf(idle: IdleSuppression): string {
  const { suppression, rules } = idle;
  if (!suppression.isUnderstood) return wordsFor(suppression);
  const meant = [...new Set(rules.flatMap((rule) => rule.meant?.id ?? []))];
  if (meant.length > 0) return `Did you mean ${list(meant.map((id) => `\`${id}\``))}? Otherwise remove it.`;
  if (rules.some(isMissing)) return "Remove it. A reason comes after two dashes, rules before them.";
  if (isAll(idle)) return "Remove it.";
  return `Remove ${list(rules.map(({ id }) => `\`${id}\``))} from it.`;
}

/** What to write, with the rules that were named. */
function wordsFor({ directive, rules, reason }: Suppression): string {
  if (/enable/i.test(directive))
    return "What `faultline-disable` suppresses stays so to the end of the file. Write `faultline-disable-next-line` above each line that is meant.";
  const said = [...rules, "--", reason ?? "reason"].join(" ");
  return `Write \`// faultline-disable-next-line ${said}\` above the line, or \`/* faultline-disable ${said} */\` for the rest of the file.`;
}

/** A slip of the pen is mended and not removed, where the rule that was meant has something to be silent about. */
function fixesOf(idle: IdleSuppression, { fixes }: Report): readonly (Fix | undefined)[] {
  const { suppression, rules } = idle;
  const slips = rules.flatMap(({ id, meant }) => (meant?.finds === true ? [[id, meant.id] as const] : []));
  if (!suppression.isUnderstood)
    return [
      idle.wouldSilence ? fixes.disableNextLine(suppression) : undefined,
      fixes.removeSuppression(suppression, undefined, "suggested"),
    ];
  const removed = isAll(idle) ? undefined : rules.map(({ id }) => id);
  return [
    ...slips.map(([from, to]) => fixes.renameInSuppression(suppression, from, to)),
    fixes.removeSuppression(suppression, removed, slips.length > 0 ? "suggested" : "safe"),
  ];
}

function isAll({ suppression, rules }: IdleSuppression): boolean {
  return rules.length === suppression.rules.length;
}

function isMissing({ reason }: IdleRule): boolean {
  return reason === "unknown";
}
