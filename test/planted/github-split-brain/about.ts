import type { About } from "../about.js";

export const about: About = {
  kind: "two primaries after a cut of 43 seconds",
  story:
    "The network between two coasts is cut for less than a minute, and the west elects a primary although the east one still takes writes. What the east confirmed in those seconds is missing when the cut heals.",
  source: "GitHub, October 21 post-incident analysis, 2018",
  shows: [
    { kind: "guarantee", name: "linearizable" },
    { kind: "divergence", name: "no acknowledged write to repository1.head is lost" },
    { kind: "divergence", name: "no acknowledged write to repository2.head is lost" },
  ],
};
