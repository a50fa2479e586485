import type { About } from "../about.js";

export const about: About = {
  kind: "reads at a primary that is none any more",
  story:
    "A primary answers reads without asking anybody whether it still is one. While it is cut off and does not know of its successor, it answers with what was true before.",
  source: "Jepsen: MongoDB stale reads (2.6.7), 2015",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
