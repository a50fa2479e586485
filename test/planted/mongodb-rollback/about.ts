import type { About } from "../about.js";

export const about: About = {
  kind: "acknowledged writes rolled back",
  story:
    "A write is confirmed by the primary alone. When another one is elected, the old primary rolls back what only it had.",
  source: "Jepsen: MongoDB 2.4.3, 2013",
  shows: [
    { kind: "guarantee", name: "linearizable" },
    { kind: "divergence", name: "no acknowledged write to numbers1.all is lost" },
    { kind: "divergence", name: "no acknowledged write to numbers2.all is lost" },
  ],
};
