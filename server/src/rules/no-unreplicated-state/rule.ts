import type { PlainField } from "../../analysis/model.js";
import type { Problem, Report, Rule } from "../rule.js";
import { list } from "../words.js";

/** An object is one replica's view of an identity. What it keeps in a plain field, no other replica ever hears of. */
export const noUnreplicatedState: Rule = {
  id: "no-unreplicated-state",
  severity: "warning",
  summary: "A mutable plain field in a `@Replicated()` class that methods change.",
  check(model, report) {
    for (const field of model.plainFields) report(problem(field, report));
  },
};

function problem(field: PlainField, report: Report): Problem {
  const { name, owner, changes } = field;
  const methods = [...new Set(changes.map(({ method }) => `\`${method}\``))];
  const all = methods.length > 3 ? [...methods.slice(0, 2), "others"] : methods;
  return {
    at: field.site,
    message: `\`${name}\` is a plain field of the replicated \`${owner}\`, and ${list(all)} ${methods.length === 1 ? "changes" : "change"} it.`,
    why: `Each object has a \`${name}\` of its own: another replica, another session and the next \`open\` of the same identity start from the initial value, and a restart loses what was there.`,
    help: `Make it a cell, ${cellFor(field)}, or keep it outside the class if it concerns this process only.`,
    related: changes.slice(0, 3).map(({ method, site }) => ({ at: site, message: `\`${method}\` changes it here` })),
    fixes: [report.fixes.fieldToCell(field)],
  };
}

function cellFor({ data }: PlainField): string {
  switch (data) {
    case "number":
      return "`counter()` or `register(…)`";
    case "value":
      return "`register(…)`";
    case "array":
      return "`log()` if it only grows, else `set()` or `register(…)`";
    case "map":
    case "object":
      return "`map()` or `register(…)`";
    case "set":
      return "`set()`";
  }
}
