import type { About } from "../about.js";

export const about: About = {
  kind: "a cache that is never invalidated",
  story:
    "Shops show a copy of the price that lives for an hour, and a new price tells nobody. Long after everything has settled they show the old one.",
  shows: [{ kind: "invariant", name: "shops show the price" }],
};
