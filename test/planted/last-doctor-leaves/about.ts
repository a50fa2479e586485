import type { About } from "../about.js";

export const about: About = {
  kind: "write skew at causal",
  story:
    "Both doctors see that the other one is on call, and both leave in a transaction of their own. Neither overwrote what the other wrote, so at causal both commit.",
  shows: [{ kind: "invariant", name: "somebody is on call" }],
};
