import type { About } from "../about.js";

export const about: About = {
  kind: "reads that any node answers by itself",
  story:
    "Writes go through a log that a majority agrees on, but each node answers reads from its own copy. A node that lags behind answers with what has been overwritten.",
  source: "Jepsen: etcd 0.4.1 and Consul, 2014",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
