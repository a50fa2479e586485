import type { About } from "../about.js";

export const about: About = {
  kind: "narrow read quorum",
  story:
    "A write waits for two of three replicas, a read asks one. It may be the one that has not heard of the write, long after the write was acknowledged.",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
