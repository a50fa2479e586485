import type { About } from "../about.js";

export const about: About = {
  kind: "a sequential store where real time counts",
  story:
    "All replicas have one order of writes, and a read is answered by the one at hand, which may be behind. A ticket that was just used elsewhere still opens the gate.",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
