import type { About } from "../about.js";

export const about: About = {
  kind: "lost update in a snapshot",
  story:
    "Two transfers read the same balance, each in its own snapshot, and both commit. One debit is lost, and the total of all accounts changes.",
  source: "Jepsen: MariaDB Galera Cluster 10.0, 2015",
  shows: [{ kind: "invariant", name: "the total stays the same" }],
};
