import type { About } from "../about.js";

export const about: About = {
  kind: "narrow write quorum",
  story:
    "A read asks all replicas, a write is confirmed by one. Two writers never meet, so neither knows the version of the other, and a write that was confirmed later counts as the earlier one.",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
