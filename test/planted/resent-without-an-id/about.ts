import type { About } from "../about.js";

export const about: About = {
  kind: "retry that duplicates",
  story:
    "A payment whose answer is lost is made again, as a new one. When only the answer was lost, it is booked twice.",
  shows: [{ kind: "invariant", name: "nothing is booked that was not ordered" }],
};
