import type { About } from "../about.js";

export const about: About = {
  kind: "last writer wins drops elements",
  story:
    "A set is stored as one value, read, changed and written back, and the store keeps the last of two concurrent versions. Elements whose writes were confirmed are missing.",
  source: "Jepsen: Riak, 2013",
  shows: [{ kind: "invariant", name: "elements that were confirmed are there" }],
};
