import type { About } from "../about.js";

export const about: About = {
  kind: "double booking",
  story:
    "The table is looked up where it is asked for, and booked there. Two guests who ask at the same time in two places both get it.",
  shows: [{ kind: "invariant", name: "no table is booked twice" }],
};
