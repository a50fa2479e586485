import type { About } from "../about.js";

export const about: About = {
  kind: "inventory with returns",
  story:
    "A return is looked up and booked in the shop where it is made. Two shops take back the same order, and the stock has an article too many.",
  shows: [{ kind: "invariant", name: "there is no more than was bought" }],
};
