import type { About } from "../about.js";

export const about: About = {
  kind: "a merge that is not idempotent",
  story:
    "Two stocks that differ are merged by adding them up. What both have in common is counted twice, so every conflict makes goods.",
  shows: [
    { kind: "divergence", name: "the merge of Shelf.stock is idempotent" },
    { kind: "invariant", name: "there is no more than was delivered" },
  ],
};
