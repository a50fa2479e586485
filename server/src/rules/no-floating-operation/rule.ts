import type { FloatingOperation } from "../../analysis/model.js";
import { type StateEffect, stateOf } from "../../analysis/states.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName, throughCalls } from "../words.js";

/**
 * Every operation is asynchronous, and only its promise tells how it ended. `void` is a mark that nobody waits on purpose,
 * which code outside transactions may do; a transaction ends without what it does not wait for.
 */
export const noFloatingOperation: Rule = {
  id: "no-floating-operation",
  severity: "error",
  summary: "An operation whose promise is not awaited, returned or combined, above all inside a transaction.",
  check(model, report) {
    for (const floating of model.floating) report(problem(floating, report));
  },
};

function problem(floating: FloatingOperation, report: Report): Problem {
  const effect = floating.effects.find((each) => each.access !== "read") ?? floating.effects[0];
  return {
    at: floating.site,
    message: messageOf(floating, effect),
    why: consequence(floating, effect),
    help: helpOf(floating),
    related:
      floating.kind === "call" && effect !== undefined
        ? [{ at: effect.site, message: `\`${effect.operation}\` ${verb(effect)} \`${stateOf(effect).name}\` here` }]
        : [],
    fixes: [report.fixes.awaitOperation(floating)],
  };
}

function messageOf(floating: FloatingOperation, effect: StateEffect | undefined): string {
  const who = floating.within === undefined ? "Nobody" : `\`${floating.within}\``;
  const what = described(floating, effect);
  const { fate } = floating;
  if (fate === "tested") return `The condition, which is always true, is the promise of ${what}.`;
  if (fate === "used") return `What is used here is a promise and not its result: that of ${what}.`;
  if (fate === "collected") return `\`await\` on an array waits for none of its promises, such as that of ${what}.`;
  if (floating.insideTransaction) return `The transaction ${who} does not wait for ${what}.`;
  return floating.within === undefined ? `Nobody waits for ${what}.` : `${who} does not wait for ${what}.`;
}

/** "`increment` on `likes` (eventual)", or "`credit()`, which changes `balance` (linearizable) (account.ts:12)". */
function described(floating: FloatingOperation, effect: StateEffect | undefined): string {
  if (effect === undefined) return `\`${floating.name}\``;
  const { name, level } = stateOf(effect);
  const cell = `\`${name}\` (${levelName(level)})`;
  if (floating.kind === "operation") return `\`${floating.name}\` on ${cell}`;
  const [, ...inner] = effect.through;
  const callee = floating.name === "the call" ? "the function that it calls in place" : `\`${floating.name}()\``;
  return `${callee}, which ${verb(effect)} ${cell}${throughCalls(inner, effect.site)}`;
}

function verb(effect: StateEffect): string {
  if (effect.access === "unknown") return "uses";
  return effect.access === "read" ? "reads" : "changes";
}

function consequence({ fate, insideTransaction }: FloatingOperation, effect: StateEffect | undefined): string {
  const cell = effect === undefined ? "the cell" : `\`${stateOf(effect).name}\``;
  if (fate === "tested") return "The branch is taken whatever the cell holds, and a failed read is reported nowhere.";
  if (fate === "used") return `The text or number is made of a promise and not of what ${cell} holds.`;
  if (insideTransaction) {
    return effect?.access === "read"
      ? "The commit does not wait either: the read may come after the end, when it is refused, and its failure aborts nothing."
      : `The commit does not wait either: a change of ${cell} that comes after the end is refused, while the rest of the transaction stands.`;
  }
  return effect?.access === "read"
    ? "What it reads is thrown away, and its failure becomes an unhandled rejection."
    : `What follows runs before ${cell} has changed, and a write that was refused is reported nowhere but as an unhandled rejection.`;
}

function helpOf({ fate, insideTransaction }: FloatingOperation): string {
  if (fate === "tested" || fate === "used") return "Put `await` before it.";
  if (fate === "collected") return "Wait for all of them: `await Promise.all(…)`.";
  return insideTransaction
    ? "Put `await` before it, or return it; several at once go into one `await Promise.all([…])`."
    : "Put `await` before it, return it, or collect it with `Promise.all`; `void` says that nobody waits on purpose.";
}
