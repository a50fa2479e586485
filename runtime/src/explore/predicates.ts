import { describeValue } from "../data/values.js";
import type { Site } from "../simulation/trace.js";
import type { Comparison } from "./comparison.js";
import { type Judgement, judge, type Reading } from "./judging.js";
import { isRefusal } from "./recorder.js";
import { messageOf } from "./thrown.js";
import { type Finding, finding } from "./violation.js";

export type Predicate = () => boolean | void | Promise<boolean | void>;

export type Judged =
  | { readonly outcome: "holds" | "unjudged" }
  | { readonly outcome: "fails"; readonly finding: Finding };

interface Place {
  readonly region: string | undefined;
  readonly when: string;
  readonly site: Site | undefined;
  readonly settled?: boolean;
  /** What it has read, where the judgement does not hear of it. */
  readonly reads?: () => readonly Reading[];
}

/** Evaluates a check, a `converged` predicate or an invariant, and words its failure. */
export async function evaluate(name: string, predicate: Predicate, where: Place): Promise<Judged> {
  const judgement: Judgement = { name, reads: [] };
  const judged = await judge(judgement, predicate, isRefusal);
  if (judged.outcome !== "fails") return judged;
  const { expected, observed } = operands(judged.error, judgement.comparison);
  const reads = where.reads?.() ?? judgement.reads;
  const named = reads.map(({ label, asked, value }) => ({
    label: asked === undefined ? label : `${label}.${asked}`,
    value,
  }));
  const found = named.map(({ label, value }) => `${label} ${value}`).join(", ");
  const outcome =
    judged.error !== undefined
      ? `${messageOf(judged.error)}${found && ` (${found})`}`
      : observed === undefined
        ? found === ""
          ? falseText(where.region === undefined ? predicate : undefined)
          : `it finds ${found}`
        : `expected ${expected}, observed ${observed}${found && ` (${found})`}`;
  const place = where.region === undefined ? where.when : `${where.when} in ${where.region}`;
  return {
    outcome: "fails",
    finding: finding("invariant", name, `"${name}" does not hold ${place}: ${outcome}.`, {
      expected,
      observed,
      region: where.region,
      settled: where.settled ?? false,
      reads: named,
      cells: [...new Set(reads.map((read) => read.label))],
      site: where.site,
    }),
  };
}

/** Of a `check` that has read nothing and compared nothing there is only how it is written. */
function falseText(predicate: Predicate | undefined): string {
  const [, body = ""] = /^(?:async )?\(\) => ([^{\n][^\n]*)$/.exec(String(predicate)) ?? [];
  return body === "" || body.length > 60 || body.includes("__") ? "it answers false" : `\`${body}\` is false`;
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
    expected: `${sign} ${operand(comparison.right)}`.trimStart(),
    observed: operand(comparison.left),
  };
}

/** A promise is what somebody compares who forgot to wait for it. */
function operand(value: unknown): string {
  return value instanceof Promise ? "a promise: `await` is missing" : describeValue(value);
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
