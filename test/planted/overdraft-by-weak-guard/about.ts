import type { About } from "../about.js";

export const about: About = {
  kind: "overdraft by a weak guard",
  story:
    "The guard reads the balance at eventual because that answers at once, then the debit is made by a majority. Two debits that each fit the balance that was read do not fit together.",
  shows: [{ kind: "invariant", name: "no account is overdrawn" }],
};
