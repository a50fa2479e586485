import type { About } from "../about.js";

export const about: About = {
  kind: "an invariant across two fields",
  story:
    "The lower bound is checked against the upper one and the upper one against the lower, each in its own method and without a transaction. Two changes that are each allowed cross.",
  shows: [{ kind: "invariant", name: "the lower bound is below the upper one" }],
};
