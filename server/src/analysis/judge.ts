import type { Finding } from "../documents/finding.js";
import { rules } from "../rules/index.js";
import type { Problem, Report, Rule } from "../rules/rule.js";
import type { AnalysisOptions } from "./analysis.js";
import type { Fixes } from "./fixes/fixes.js";
import type { FileModel } from "./model.js";
import { suppressionsOf } from "./suppressions.js";

export interface Judgement {
  readonly findings: readonly Finding[];
  /** A rule that failed: it is left out for this file, the others go on. */
  readonly notes: readonly string[];
}

/** Runs every rule over one file. */
export function judge(
  model: FileModel,
  text: string,
  fixes: Fixes,
  severities: AnalysisOptions["severities"],
): Judgement {
  const findings: Finding[] = [];
  const notes: string[] = [];
  for (const rule of rules) {
    const severity = severities?.[rule.id] ?? rule.severity;
    if (severity === "off") continue;
    const found: Finding[] = [];
    try {
      const report = (problem: Problem): void => void found.push(findingOf(rule, severity, problem));
      rule.check(model, Object.assign(report, { fixes }) as Report);
      findings.push(...found);
    } catch (error) {
      notes.push(
        `Rule ${rule.id} failed on ${model.file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  const isSuppressed = suppressionsOf(text);
  return { findings: findings.filter((finding) => !isSuppressed(finding)).sort(inSourceOrder), notes };
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
