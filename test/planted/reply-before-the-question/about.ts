import type { About } from "../about.js";

export const about: About = {
  kind: "event order",
  story:
    "A reply is sent on its own way and may arrive where its question has not. Readers there see an answer to nothing.",
  shows: [{ kind: "invariant", name: "every reply has its question" }],
};
