import type { About } from "../about.js";

export const about: About = {
  kind: "a value read before the transaction",
  story:
    "The balance is read first, and the transaction writes what was computed from it. Whatever was paid in between is overwritten.",
  shows: [{ kind: "invariant", name: "nothing that was paid in is forgotten" }],
};
