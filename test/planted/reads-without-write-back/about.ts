import type { About } from "../about.js";

export const about: About = {
  kind: "non-monotonic reads",
  story:
    "A write goes to all replicas and a read asks the one at hand, which returns a write that is still under way. The next read elsewhere returns the value from before.",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
