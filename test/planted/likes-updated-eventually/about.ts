import type { About } from "../about.js";

export const about: About = {
  kind: "lost update at eventual",
  story:
    "`update` looks atomic, but at eventual two regions may both succeed from the same value. The last writer wins, and the other like is lost.",
  shows: [{ kind: "invariant", name: "a like that was answered is counted" }],
};
