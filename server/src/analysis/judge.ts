import type { Finding } from "../documents/finding.js";
import { rules } from "../rules/index.js";
import type { Problem, Report, Rule } from "../rules/rule.js";
import type { AnalysisOptions } from "./analysis.js";
import type { Fixes } from "./fixes/fixes.js";
import { idleSuppressionsOf } from "./idle-suppressions.js";
import type { FileModel } from "./model.js";
import { isSuppressed } from "./suppressions.js";

export interface Judgement {
  readonly findings: readonly Finding[];
  /** A rule that failed: it is left out for this file, the others go on. */
  readonly notes: readonly string[];
}

const usualRules = rules.filter((rule) => rule.comesLast !== true);
const lastRules = rules.filter((rule) => rule.comesLast === true);

/** Runs every rule over one file. */
export function judge(model: FileModel, fixes: Fixes, severities: AnalysisOptions["severities"] = {}): Judgement {
  const findings: Finding[] = [];
  const notes: string[] = [];
  const failed = new Set<string>();
  const severityOf = (rule: Rule): Finding["severity"] | "off" => severities[rule.id] ?? rule.severity;
  const run = (rule: Rule, seen: FileModel): void => {
    const severity = severityOf(rule);
    if (severity === "off") return;
    const found: Finding[] = [];
    try {
      const report = (problem: Problem): void => void found.push(findingOf(rule, severity, problem));
      rule.check(seen, Object.assign(report, { fixes }) as Report);
      findings.push(...found);
    } catch (error) {
      failed.add(rule.id);
      notes.push(
        `Rule ${rule.id} failed on ${model.file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  };
  for (const rule of usualRules) run(rule, model);
  const { suppressions } = model;
  if (suppressions.length > 0) {
    const idleSuppressions = idleSuppressionsOf(model, findings, {
      isLast: (id) => lastRules.some((rule) => rule.id === id),
      isOff: (id) => rules.some((rule) => rule.id === id && severityOf(rule) === "off"),
      failed,
      known: rules.map((rule) => rule.id),
    });
    for (const rule of lastRules) run(rule, { ...model, idleSuppressions });
  }
  const loud = findings.filter((finding) => !isSuppressed(finding, suppressions));
  return { findings: loud.sort(inSourceOrder), notes };
}

function findingOf(rule: Rule, severity: Finding["severity"], problem: Problem): Finding {
  const { at, message, why, help } = problem;
  return {
    rule: rule.id,
    severity,
    file: at.file,
    range: at.range,
    message,
    why,
    help,
    related: (problem.related ?? []).map((each) => ({
      file: each.at.file,
      range: each.at.range,
      message: each.message,
    })),
    fixes: (problem.fixes ?? []).filter((fix) => fix !== undefined),
  };
}

function inSourceOrder(a: Finding, b: Finding): number {
  const [x, y] = [a.range.start, b.range.start];
  return x.line - y.line || x.column - y.column || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}
