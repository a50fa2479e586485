import type { About } from "../about.js";

export const about: About = {
  kind: "resurrected deletes",
  story:
    "Concurrent lists are merged by their union, in which a deletion leaves no trace. What one region deleted comes back from the other.",
  shows: [{ kind: "invariant", name: "what is done is on no list" }],
};
