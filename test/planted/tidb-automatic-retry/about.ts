import type { About } from "../about.js";

export const about: About = {
  kind: "a conflict retried without reading again",
  story:
    "A transaction that meets a conflict is tried again by the database, with the values that it read the first time. What the other transaction wrote is overwritten.",
  source: "Jepsen: TiDB 2.1.7, 2019",
  shows: [{ kind: "invariant", name: "no increment is lost" }],
};
