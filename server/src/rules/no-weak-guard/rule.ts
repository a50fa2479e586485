import { readLabel, type WeakPlace, weakPlaceRule, writesLabel } from "../common/weak-flows.js";
import type { Rule } from "../rule.js";

/**
 * Implicit flow: whether a write happens tells as much as what it writes, so a condition counts like a value (ConSysT,
 * Köhler et al., OOPSLA 2020). Early returns and throws decide as `if` does, which ConSysT leaves out.
 */
export const noWeakGuard: Rule = weakPlaceRule(
  "guard",
  {
    id: "no-weak-guard",
    severity: "error",
    summary:
      "A condition on a value of a weaker level decides a write, or a throw in a transaction, at a stronger one.",
  },
  message,
);

function message(place: WeakPlace): string {
  const [first] = place.flows;
  const { flow } = first;
  const who = flow.within?.name === undefined ? "this" : `\`${flow.within.name}\``;
  const by = `is decided by ${readLabel(first)}`;
  if (flow.to.kind === "throw")
    return `Whether the transaction ${who}, which changes ${writesLabel(place)}, is given up ${by}.`;
  return flow.condition === undefined
    ? `What ${who} writes to ${writesLabel(place)} ${by}.`
    : `Whether ${who} changes ${writesLabel(place)} ${by}.`;
}
