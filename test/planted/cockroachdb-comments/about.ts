import type { About } from "../about.js";

export const about: About = {
  kind: "a later write is seen without an earlier one",
  story:
    "Two rows are in two shards whose clocks differ, and nobody waits until a commit's timestamp has passed. A reader sees the second comment and not the first, which was there before the second was written.",
  source: "Jepsen: CockroachDB beta-20160829, 2017",
  shows: [{ kind: "guarantee", name: "linearizable" }],
};
