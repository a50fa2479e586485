import type { About } from "../about.js";

export const about: About = {
  kind: "effects before their causes",
  story:
    "The field asks for causal and is given gossip, which delivers in any order. An answer is seen without its question.",
  shows: [{ kind: "guarantee", name: "causal" }],
};
