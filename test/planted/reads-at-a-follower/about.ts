import type { About } from "../about.js";

export const about: About = {
  kind: "stale read across sessions",
  story:
    "Writes go to the primary, reads to the replica at hand. Who was just told that the alarm is off, and asks somebody elsewhere, hears that it is on.",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
