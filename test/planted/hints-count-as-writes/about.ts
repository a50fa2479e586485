import type { About } from "../about.js";

export const about: About = {
  kind: "sloppy quorum",
  story:
    "Where two of the three replicas cannot be reached, others take the write in their place and it is confirmed. A read that reaches a quorum of the right replicas does not see it.",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
