import type { About } from "../about.js";

export const about: About = {
  kind: "uniqueness by check then act",
  story:
    "Whether a name is free is asked first, and it is taken in a second step. Both are linearizable, and still two people are told that it is theirs.",
  shows: [{ kind: "invariant", name: "a name belongs to one" }],
};
