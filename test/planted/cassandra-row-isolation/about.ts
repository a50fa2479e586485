import type { About } from "../about.js";

export const about: About = {
  kind: "half of one update and half of another",
  story:
    "Two columns of a row are written in one batch, but conflicts are settled for each column by itself. The row ends up with one column of each of two writes that nobody made together.",
  source: "Jepsen: Cassandra, 2013",
  shows: [{ kind: "invariant", name: "both columns are of one write" }],
};
