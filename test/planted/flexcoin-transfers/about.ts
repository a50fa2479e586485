import type { About } from "../about.js";

export const about: About = {
  kind: "overdraft by concurrent transfers",
  story:
    "The balance is looked up, then the coins are moved, and nothing holds the balance in between. Thousands of transfers sent at once all saw the same coins.",
  source: "Flexcoin, closing statement, March 2014",
  shows: [{ kind: "invariant", name: "no account is overdrawn" }],
};
