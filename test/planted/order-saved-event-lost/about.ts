import type { About } from "../about.js";

export const about: About = {
  kind: "dual write between two domains",
  story:
    "The order is saved by a majority, then its event is published to a log of its own. When the second write is refused, the warehouse never hears of the order.",
  shows: [{ kind: "invariant", name: "the warehouse hears of every order" }],
};
