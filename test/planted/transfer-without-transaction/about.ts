import type { About } from "../about.js";

export const about: About = {
  kind: "two strong writes without a transaction",
  story:
    "Each write is linearizable, but nothing joins the two. When the second one is refused after the first was made, the money is nowhere.",
  shows: [{ kind: "invariant", name: "money is conserved" }],
};
