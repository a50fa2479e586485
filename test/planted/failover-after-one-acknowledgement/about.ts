import type { About } from "../about.js";

export const about: About = {
  kind: "semi-synchronous failover",
  story: "A write is confirmed once one other replica has it. A failover to the third one forgets it.",
  shows: [
    { kind: "guarantee", name: "linearizable" },
    { kind: "divergence", name: "no acknowledged write to holding1.shares is lost" },
    { kind: "divergence", name: "no acknowledged write to holding2.shares is lost" },
  ],
};
