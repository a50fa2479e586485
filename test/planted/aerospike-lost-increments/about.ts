import type { About } from "../about.js";

export const about: About = {
  kind: "increments lost after a partition",
  story:
    "Both sides of a partition go on counting, and when it heals the record with the higher generation is kept whole. The increments of the other side were confirmed, and are gone.",
  source: "Jepsen: Aerospike 3.5.4, 2015",
  shows: [{ kind: "invariant", name: "confirmed increments count" }],
};
