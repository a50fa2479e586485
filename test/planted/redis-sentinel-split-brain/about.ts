import type { About } from "../about.js";

export const about: About = {
  kind: "split brain of an asynchronous primary",
  story:
    "Sentinels promote a replica while the old primary still serves clients on its side. When the partition heals, it becomes a replica and forgets all that it took meanwhile.",
  source: "Jepsen: Redis (Sentinel), 2013",
  shows: [
    { kind: "guarantee", name: "linearizable" },
    { kind: "divergence", name: "no acknowledged write to numberSet1.members is lost" },
    { kind: "divergence", name: "no acknowledged write to numberSet2.members is lost" },
  ],
};
