import type { About } from "../about.js";

export const about: About = {
  kind: "saga that undoes what was never done",
  story:
    "When a booking fails, its price is given back, at whichever step it failed. Who cannot pay is given the price.",
  shows: [{ kind: "invariant", name: "nobody gets rich by refunds" }],
};
