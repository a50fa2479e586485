import type { About } from "../about.js";

export const about: About = {
  kind: "unfenced failover",
  story:
    "A primary that is cut off is replaced, and goes on serving its side. What it confirmed meanwhile is thrown away when it hears of its successor.",
  shows: [
    { kind: "guarantee", name: "linearizable" },
    { kind: "divergence", name: "no acknowledged write to depot1.parcels is lost" },
    { kind: "divergence", name: "no acknowledged write to depot2.parcels is lost" },
  ],
};
