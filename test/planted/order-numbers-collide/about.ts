import type { About } from "../about.js";

export const about: About = {
  kind: "colliding ids",
  story:
    "Each region takes the next number from its own copy of the last one. Two orders get the same number, and one replaces the other.",
  shows: [{ kind: "invariant", name: "every order that was confirmed is there" }],
};
