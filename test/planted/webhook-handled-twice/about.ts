import type { About } from "../about.js";

export const about: About = {
  kind: "duplicates let through by a weak set",
  story:
    "A message that was handled is remembered in an eventual set, which another region may not have yet. A delivery of the same message there credits it again.",
  shows: [{ kind: "invariant", name: "a message is credited once" }],
};
