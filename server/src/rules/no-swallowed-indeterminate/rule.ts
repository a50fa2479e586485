import type { CellEffect } from "../../analysis/model.js";
import type { Handler } from "../../analysis/view/failures/handlers.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName, list, throughCalls } from "../words.js";

type Swallowed = Exclude<
  Handler["fate"],
  { readonly kind: "thrown" | "examined" | "passed" | "read again" | "repeated" }
>;

/** A write without an answer may have happened, and may still happen. Whoever takes that for a failure is wrong at times. */
export const noSwallowedIndeterminate: Rule = {
  id: "no-swallowed-indeterminate",
  severity: "warning",
  summary: "A `catch` that treats `IndeterminateError` as a failure or ignores it, then proceeds.",
  check(model, report) {
    for (const handler of model.handlers) {
      const { fate } = handler;
      if ("logs" in fate || "value" in fate || "effect" in fate) report(problem(handler, fate, report));
    }
  },
};

function problem(handler: Handler, fate: Swallowed, report: Report): Problem {
  const changes = handler.uncertain;
  return {
    at: handler.site,
    message: `${what(handler, fate)} when nobody knows whether ${described(changes)} happened.`,
    why: consequence(fate, changes),
    help: `Throw it again (\`if (isIndeterminate(error)) throw error;\`), or read ${cells(changes)} to find out before going on.`,
    related: changes.map((effect) => ({
      at: effect.site,
      message: `\`${effect.operation}\` changes \`${effect.cell.name}\` here, and may end without an answer`,
    })),
    fixes: [report.fixes.rethrowIndeterminate(handler)],
  };
}

function what({ kind, within }: Handler, fate: Swallowed): string {
  const who = kind === "clause" ? "`catch`" : "handler";
  const whose = within === undefined ? `The ${who}` : `The ${who} of \`${within}\``;
  switch (fate.kind) {
    case "ignored":
      return fate.logs ? `${whose} goes on` : `${whose} goes on as if nothing had failed`;
    case "answered":
      return fate.value === undefined ? `${whose} answers for itself` : `${whose} answers \`${fate.value}\``;
    case "compensated":
      return `${whose} changes \`${fate.effect.cell.name}\` (${levelName(fate.effect.cellLevel)}) in return`;
    case "tried again":
      return `${whose} tries \`${fate.effect.operation}\` on \`${fate.effect.cell.name}\` (${levelName(fate.effect.cellLevel)}) again`;
  }
}

/** "`update` on `balance` (linearizable) through `debit()` (bank.ts:4)" */
function described(changes: readonly CellEffect[]): string {
  const texts = changes.map(
    (effect) =>
      `\`${effect.operation}\` on \`${effect.cell.name}\` (${levelName(effect.cellLevel)})${throughCalls(effect.through, effect.site)}`,
  );
  const distinct = [...new Set(texts)];
  return list(distinct.length > 2 ? [...distinct.slice(0, 2), "more"] : distinct);
}

function cells(changes: readonly CellEffect[]): string {
  return list([...new Set(changes.map(({ cell }) => `\`${cell.name}\``))]);
}

function consequence(fate: Swallowed, changes: readonly CellEffect[]): string {
  const changed = cells(changes);
  const open = `An \`IndeterminateError\` says that the change of ${changed} may have happened and may still happen.`;
  switch (fate.kind) {
    case "ignored":
      return `${open} What follows takes it for done, or for not done, and is wrong in one of the two cases.`;
    case "answered":
      return `${open} Whoever is told that it failed does it again, and then it has happened twice.`;
    case "compensated":
      return `${open} If it has not, what is given back was never taken.`;
    case "tried again":
      return `${open} If it has, it now happens twice.`;
  }
}
