import type { About } from "../about.js";

export const about: About = {
  kind: "money made by moving it twice",
  story:
    "Moving money from one gift card to another reads both and then writes both. Sent from two browsers at once, the same money arrives twice.",
  source: "Homakov, Hacking Starbucks for unlimited coffee, 2015",
  shows: [{ kind: "invariant", name: "no money is made" }],
};
