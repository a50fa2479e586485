import type { CellEffect } from "../../analysis/model.js";
import type { Retry } from "../../analysis/view/failures/retries.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName, list, throughCalls } from "../words.js";

/**
 * An attempt that ended with an `IndeterminateError` may have succeeded. To do it again is safe only if twice is the same as
 * once, or if the second can be told from a new request.
 */
export const noUnkeyedRetry: Rule = {
  id: "no-unkeyed-retry",
  severity: "warning",
  summary: "A retry of an operation that is not idempotent and carries no idempotency key.",
  check(model, report) {
    const reported = new Set<Retry["site"]>();
    for (const retry of model.retries) {
      const doubled = retry.effects.filter(({ isIdempotent }) => !isIdempotent).map(({ effect }) => effect);
      if (retry.hasKey || doubled.length === 0 || reported.has(retry.site)) continue;
      reported.add(retry.site);
      report(problem(retry, doubled, report));
    }
  },
};

function problem(retry: Retry, doubled: readonly CellEffect[], report: Report): Problem {
  const cells = list([...new Set(doubled.map(({ cell }) => `\`${cell.name}\``))]);
  return {
    at: retry.site,
    message: `${repeater(retry)} does ${described(retry, doubled)} again when nobody knows whether it has happened.`,
    why: `An \`IndeterminateError\` says that the change of ${cells} may have happened and may still happen. Each attempt after it ${loss(doubled)}.`,
    help: help(doubled),
    related: [
      { at: retry.repeater, message: "attempts are repeated here" },
      ...doubled
        .filter(({ through }) => through.length > 0)
        .map((effect) => ({
          at: effect.site,
          message: `\`${effect.operation}\` changes \`${effect.cell.name}\` here`,
        })),
    ],
    fixes: [report.fixes.leaveRetry(retry)],
  };
}

function repeater({ kind, by, within }: Retry): string {
  if (kind === "helper") return `\`${by ?? "the helper"}\``;
  if (kind === "recursion") return `\`${by ?? "the function"}\`, which calls itself when it fails,`;
  return within === undefined ? "The retry loop" : `The retry loop of \`${within}\``;
}

/** "`update` on `balance` (linearizable)", or "`pay()`, which changes `balance` (linearizable) (bank.ts:12)". */
function described({ step, name }: Retry, doubled: readonly CellEffect[]): string {
  const [first] = doubled;
  if (first === undefined) return `\`${name}\``;
  const cell = (effect: CellEffect): string => `\`${effect.cell.name}\` (${levelName(effect.cellLevel)})`;
  if (step === "operation") return `\`${name}\` on ${cell(first)}`;
  const cells = list([...new Set(doubled.map(cell))]);
  const called = name === "the call" ? "the function that it calls in place" : `\`${name}()\``;
  return `${called}, which changes ${cells}${throughCalls(first.through.slice(1), first.site)},`;
}

function loss(doubled: readonly CellEffect[]): string {
  const operations = new Set(doubled.map(({ operation }) => operation));
  if (operations.has("append")) return "appends the entry once more";
  if (operations.has("increment") || operations.has("decrement")) return "counts it once more";
  return "changes it once more: what was to be taken once is taken twice";
}

function help(doubled: readonly CellEffect[]): string {
  const isRegister = doubled.every(({ operation, cell }) => operation === "update" && cell.dataType === "register");
  const other = isRegister
    ? "use `compareAndSet` with the value that was read before the first attempt"
    : "give each entry an id";
  return `Make an id before the first attempt and let the change look for it (\`if (await this.done.has(id)) return;\`), ${other}, or leave the loop on \`isIndeterminate(error)\`.`;
}
