import type { About } from "../about.js";

export const about: About = {
  kind: "ids that a replaced primary goes on giving out",
  story:
    "Ids come from a counter on a primary. One that is cut off and replaced gives out the same ids as its successor.",
  shows: [
    { kind: "invariant", name: "no two documents have the same id" },
    { kind: "guarantee", name: "linearizable" },
    { kind: "divergence", name: "no acknowledged write to archive1.lastId is lost" },
    { kind: "divergence", name: "no acknowledged write to archive2.lastId is lost" },
  ],
};
