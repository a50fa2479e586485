import { stateOf } from "../../analysis/states.js";
import { readLabel, type WeakPlace, weakPlaceRule, writesLabel } from "../common/weak-flows.js";
import type { Rule } from "../rule.js";

/**
 * Explicit flow: information may go from stronger to weaker state and not back (ConSysT, Köhler et al., OOPSLA 2020;
 * MixT, Milano and Myers, PLDI 2018), unless somebody says that it is all right.
 */
export const noWeakValueInStrongWrite: Rule = weakPlaceRule(
  "value",
  {
    id: "no-weak-value-in-strong-write",
    severity: "error",
    summary: "A value that was read at a weaker level reaches a write at a stronger one.",
  },
  message,
);

function message(place: WeakPlace): string {
  const [first] = place.flows;
  const { flow, read } = first;
  const who = flow.within?.name === undefined ? "This" : `\`${flow.within.name}\``;
  const what =
    flow.sameObject && stateOf(read).level !== read.level
      ? `what was read of it with ${read.level === "none" ? "no" : read.level} consistency`
      : `a value that comes from ${readLabel(first)}`;
  return `${who} writes to ${writesLabel(place)} ${what}.`;
}
