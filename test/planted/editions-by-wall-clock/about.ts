import type { About } from "../about.js";

export const about: About = {
  kind: "wall-clock order under skew",
  story:
    "Editions are numbered by a majority, but which one a reader gets is settled by the clocks of the newsrooms. One whose clock is slow publishes an edition that loses against its predecessor.",
  shows: [{ kind: "invariant", name: "readers get the last edition" }],
};
