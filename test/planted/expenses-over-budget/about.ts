import type { About } from "../about.js";

export const about: About = {
  kind: "phantoms in a sum over entries",
  story:
    "The transaction adds up the expenses that its snapshot has. An expense that another region adds at the same time is in no entry that was read, so nothing conflicts.",
  shows: [{ kind: "invariant", name: "expenses stay within the budget" }],
};
