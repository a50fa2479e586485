import type { About } from "../about.js";

export const about: About = {
  kind: "auction closing on a stale read",
  story:
    "A bidder's region asks its own copy whether the auction is still open. A bid that is higher than the winning one is accepted after the auction was closed.",
  shows: [{ kind: "invariant", name: "the highest bid wins" }],
};
