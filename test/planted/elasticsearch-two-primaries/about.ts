import type { About } from "../about.js";

export const about: About = {
  kind: "two primaries of one shard",
  story:
    "Both sides of a partition have a primary of the shard, and both index documents. When it heals, one side's documents are thrown away.",
  source: "Jepsen: Elasticsearch 1.1.0, 2014",
  shows: [
    { kind: "guarantee", name: "linearizable" },
    { kind: "divergence", name: "no acknowledged write to shard1.documents is lost" },
    { kind: "divergence", name: "no acknowledged write to shard2.documents is lost" },
  ],
};
