import type { About } from "../about.js";

export const about: About = {
  kind: "session guarantees",
  story:
    "Writes go to the primary, reads are answered by the replica at hand, which hears of the write later. People do not see what they have just written themselves.",
  shows: [{ kind: "guarantee", name: "causal" }],
};
