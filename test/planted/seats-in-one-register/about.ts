import type { About } from "../about.js";

export const about: About = {
  kind: "last writer wins drops what others wrote",
  story:
    "All seats of a show are one value, so two people who take different seats write two versions of the whole. The last writer wins, and the other one's seat is free again.",
  shows: [{ kind: "invariant", name: "every ticket has its seat" }],
};
