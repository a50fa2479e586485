import type { About } from "../about.js";

export const about: About = {
  kind: "reads by a replica that was left behind",
  story:
    "To be fast, reads are answered by the replica at hand and not put in order with the writes. A replica that is cut off serves what the others have overwritten.",
  source: "Jepsen: VoltDB 6.3, 2016",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
