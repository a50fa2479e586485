import type { About } from "../about.js";

export const about: About = {
  kind: "buying on numbers without one's own purchases",
  story:
    "Every office buys while the number of homes that it has heard of is below the limit. Its own region's purchases are there, those of the others come later, and all of them buy.",
  source: "Zillow Offers, closed in 2021",
  shows: [{ kind: "invariant", name: "no more homes are bought than are wanted" }],
};
