import type { About } from "../about.js";

export const about: About = {
  kind: "quota",
  story:
    "Each region counts what it has heard of and lets a request through while that is below the limit. Together they let through more.",
  shows: [{ kind: "invariant", name: "no more than five trials" }],
};
