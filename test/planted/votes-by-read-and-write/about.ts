import type { About } from "../about.js";

export const about: About = {
  kind: "counter by read and write",
  story:
    "Two regions read the same number of votes and both write that number plus one. One of the two votes is gone once the replicas have merged.",
  shows: [{ kind: "invariant", name: "no ballot goes uncounted" }],
};
