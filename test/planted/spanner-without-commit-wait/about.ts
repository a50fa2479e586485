import type { About } from "../about.js";

export const about: About = {
  kind: "commits acknowledged before their time",
  story:
    "A commit takes a timestamp from a clock that is fast and is acknowledged at once. A read that goes by a slower clock asks for a time before it, and misses it.",
  source: "Corbett et al., Spanner, OSDI 2012, §4.1.2",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
