import type { About } from "../about.js";

export const about: About = {
  kind: "swallowed indeterminate outcome",
  story:
    "A debit that failed is taken for one that did not happen, and its amount is given back. When only the answer was lost, the debit happened too, and was also given back: it is paid out once for nothing.",
  shows: [{ kind: "invariant", name: "points are not paid out twice" }],
};
