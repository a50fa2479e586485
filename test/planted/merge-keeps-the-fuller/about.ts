import type { About } from "../about.js";

export const about: About = {
  kind: "a lawful merge that means something else",
  story:
    "The merge keeps the greater of two fill levels, which is as lawful as can be. Of what two regions have drawn at the same time, the smaller draught is forgotten.",
  shows: [{ kind: "invariant", name: "what was drawn is missing from the tank" }],
};
