import type { Suppression } from "../../analysis/suppressions.js";
import type { Endorsement } from "../../analysis/view/endorsements.js";
import type { Problem, Rule } from "../rule.js";
import { list } from "../words.js";

/** An exception is a decision, and a decision without its reason cannot be judged by those who come later. */
export const requireReason: Rule = {
  id: "require-reason",
  severity: "error",
  summary: "An `endorse` or a suppression that does not say why.",
  check({ suppressions, endorsements }, report) {
    for (const suppression of suppressions) {
      if (suppression.isUnderstood && suppression.reason === undefined) report(ofSuppression(suppression));
    }
    for (const endorsement of endorsements) {
      if (!endorsement.hasReason) report(ofEndorsement(endorsement));
    }
  },
};

function ofSuppression({ site, directive, rules }: Suppression): Problem {
  const what = rules.length === 0 ? "every rule" : list(rules.map((id) => `\`${id}\``));
  return {
    at: site,
    message: `This suppresses ${what} and does not say why.`,
    why: "Whoever changes the code later cannot tell an exception that was thought through from one that was forgotten, so it stays when its reason is gone, and hides the loss that it was not meant to hide.",
    help: `Say why after two dashes: \`${[directive, rules.join(", ")].join(" ").trim()} -- reason\`.`,
  };
}

/** A longer value is not repeated: one sees it. */
const longestShown = 40;

function ofEndorsement({ site, name, value }: Endorsement): Problem {
  const shown = value.length > longestShown || /[\n`]/.test(value) ? "…" : value;
  return {
    at: site,
    message: `\`${name}(${shown})\` does not say why this value may be trusted.`,
    why: "It lets a value that may be stale decide something that has to be right. Without the reason nobody can judge, when the code around it changes, whether that still does no harm.",
    help: `Say what makes it safe: \`${name}(${shown}, "why a stale value does no harm here")\`.`,
  };
}
