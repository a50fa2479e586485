import { classify } from "../../../../runtime/src/advice/classification/index.js";
import { compareLevels } from "../../../../runtime/src/levels.js";
import type { Method, Step } from "../../analysis/model.js";
import type { SideEffect } from "../../analysis/view/side-effects.js";
import type { Fix } from "../../documents/finding.js";
import { classificationOf } from "../common/classification.js";
import type { Problem, Report, Rule } from "../rule.js";
import { throughCalls } from "../words.js";

/** A commit that fails takes back what was written to cells, and a conflict runs the body again. The world does neither. */
export const noSideEffectInTransaction: Rule = {
  id: "no-side-effect-in-transaction",
  severity: "warning",
  summary:
    "E-mail, requests, queue sends, file writes or logs of money inside a transaction that may abort or be retried.",
  check(model, report) {
    for (const method of model.methods) {
      if (method.transaction === undefined || !mayAbort(method)) continue;
      for (const effect of method.sideEffects) {
        const money = effect.kind === "log" ? moneyIn(effect) : undefined;
        if (effect.kind !== "log" || money !== undefined) report(problem(method, effect, money, report));
      }
    }
  },
};

/** Below causal every operation stands alone: nothing is taken back, and nothing runs twice. */
function mayAbort(method: Method): boolean {
  return method.effects.some(({ cellLevel }) => compareLevels(cellLevel, "causal") >= 0);
}

/** What a log shows of money: a cell by its classification, else an argument by its name. */
function moneyIn({ shownCells, shownNames }: SideEffect): string | undefined {
  const cell = shownCells.find((each) => classificationOf(each)?.category.id === "money");
  if (cell !== undefined) return cell.name;
  return shownNames.find(
    (name) => classify({ name, owner: "", dataType: "register" }).category === "money" || amounts.test(name),
  );
}

const amounts = /^(?:amount|fee|payment|refund|deposit|withdrawal|salary|payout)(?:Cents|InCents|Eur|Usd)?$/i;

function problem(method: Method, effect: SideEffect, money: string | undefined, report: Report): Problem {
  const [first] = effect.through;
  const what = money === undefined ? deed(effect) : `logs \`${money}\` by \`${effect.name}()\``;
  const by = first === undefined ? "" : throughCalls(effect.through, effect.action);
  const strict = method.effects.some(({ cellLevel }) => compareLevels(cellLevel, "sequential") >= 0);
  return {
    at: effect.site,
    message: `The transaction \`${method.name}\` ${what}${by} before anybody knows whether it commits.`,
    why: `${loss(effect.kind, cells(method))}${strict ? " On a conflict the body runs again, and does it once more." : ""}`,
    help: help(effect.kind),
    related: first === undefined ? [] : [{ at: effect.action, message: `\`${effect.name}()\` is called here` }],
    fixes: [afterCommit(method, effect, report)],
  };
}

function deed({ kind, name }: SideEffect): string {
  const call = `\`${name}()\``;
  switch (kind) {
    case "e-mail":
      return `sends e-mail by ${call}`;
    case "message":
      return `sends a message by ${call}`;
    case "payment":
      return `asks for a payment by ${call}`;
    case "request":
      return `sends a request by ${call}`;
    case "file":
      return `changes files by ${call}`;
    case "process":
      return `starts a process by ${call}`;
    case "log":
      return `logs by ${call}`;
  }
}

function cells(method: Method): string {
  const changed = method.effects.find(({ access }) => access !== "read") ?? method.effects[0];
  return changed === undefined ? "the cells" : `\`${changed.cell.name}\``;
}

function loss(kind: SideEffect["kind"], cell: string): string {
  switch (kind) {
    case "e-mail":
    case "message":
      return `If the transaction aborts, ${cell} is as it was, and somebody has been told otherwise.`;
    case "payment":
      return `If the transaction aborts, ${cell} is as it was, and the money has moved.`;
    case "log":
      return `If the transaction aborts, ${cell} is as it was, and the log tells of money that never moved.`;
    default:
      return `If the transaction aborts, ${cell} is as it was, and what was done outside stays done.`;
  }
}

function help(kind: SideEffect["kind"]): string {
  const after = kind === "log" ? "Log it after the commit" : "Do it after the commit";
  return `${after}; or write what is to be done into a cell of the transaction (an outbox), from which another process does it under an idempotency key.`;
}

function afterCommit(method: Method, effect: SideEffect, report: Report): Fix | undefined {
  const moved: Step = { kind: "call", name: effect.name, site: effect.site, effects: [], stateEffects: [] };
  const fix = report.fixes.moveAfterTransaction(method, [moved], method.steps);
  return fix && { ...fix, title: `Call \`${effect.through[0]?.name ?? effect.name}()\` after the commit` };
}
