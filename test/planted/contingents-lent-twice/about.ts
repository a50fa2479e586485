import type { About } from "../about.js";

export const about: About = {
  kind: "escrow that is split wrongly",
  story:
    "A box office lends part of its contingent after a look at how much it has. What it sells or lends between the look and the write exists twice.",
  shows: [{ kind: "invariant", name: "no ticket is made" }],
};
