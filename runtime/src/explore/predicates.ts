import { describeValue } from "../data/values.js";
import type { Site } from "../simulation/trace.js";
import type { Comparison } from "./comparison.js";
import { type Judgement, judge } from "./judging.js";
import { isRefusal } from "./recorder.js";
import { messageOf } from "./thrown.js";
import { type Finding, finding } from "./violation.js";

export type Predicate = () => boolean | void | Promise<boolean | void>;

export type Judged =
  | { readonly outcome: "holds" | "unjudged" }
  | { readonly outcome: "fails"; readonly finding: Finding };

/** Evaluates a check, a `converged` predicate or an invariant, and words its failure. */
export async function evaluate(
  name: string,
  predicate: Predicate,
  where: { readonly region: string | undefined; readonly when: string; readonly site: Site | undefined },
): Promise<Judged> {
  const judgement: Judgement = { name, reads: [] };
  const judged = await judge(judgement, predicate, isRefusal);
  if (judged.outcome !== "fails") return judged;
  const { expected, observed } = operands(judged.error, judgement.comparison);
  const reads = judgement.reads.map((read) => `${read.label} ${read.value}`).join(", ");
  const outcome =
    judged.error !== undefined
      ? messageOf(judged.error)
      : observed === undefined
        ? "the predicate is false"
        : `expected ${expected}, observed ${observed}`;
  const place = where.region === undefined ? where.when : `${where.when} in ${where.region}`;
  return {
    outcome: "fails",
    finding: finding("invariant", name, `"${name}" does not hold ${place}: ${outcome}${reads && ` (${reads})`}.`, {
      expected,
      observed,
      region: where.region,
      reads: judgement.reads,
      cells: [...new Set(judgement.reads.map((read) => read.label))],
      site: where.site,
    }),
  };
}

/** From the comparison that was false, or from what an assertion library put on its error. */
function operands(error: unknown, comparison: Comparison | undefined): { expected?: string; observed?: string } {
  if (error !== undefined) {
    const { expected, actual } = error as { readonly expected?: unknown; readonly actual?: unknown };
    if (expected === undefined && actual === undefined) return {};
    return { expected: describeValue(expected), observed: describeValue(actual) };
  }
  if (comparison === undefined) return {};
  const sign = signs[comparison.operator];
  return {
    expected: sign === "" ? describeValue(comparison.right) : `${sign} ${describeValue(comparison.right)}`,
    observed: describeValue(comparison.left),
  };
}

const signs: Readonly<Record<Comparison["operator"], string>> = {
  "===": "",
  "==": "",
  "!==": "not",
  "!=": "not",
  "<": "<",
  "<=": "≤",
  ">": ">",
  ">=": "≥",
};
