import type { About } from "../about.js";

export const about: About = {
  kind: "mixed levels in one transaction",
  story:
    "The debit is decided by a majority, the credit is an eventual register of the same transaction. A credit that has left cannot be rolled back, and two credits that have not seen each other do not both survive.",
  shows: [{ kind: "invariant", name: "money is conserved" }],
};
