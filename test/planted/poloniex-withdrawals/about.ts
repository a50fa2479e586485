import type { About } from "../about.js";

export const about: About = {
  kind: "negative balance by concurrent withdrawals",
  story:
    "Withdrawals are checked against the balance and noted, and deducted when they are carried out. Several that are noted at the same time are all carried out, and the balance ends up below zero.",
  source: "Poloniex, statement on the stolen bitcoins, March 2014",
  shows: [{ kind: "invariant", name: "no more is withdrawn than there was" }],
};
