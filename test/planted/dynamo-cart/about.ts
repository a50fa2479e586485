import type { About } from "../about.js";

export const about: About = {
  kind: "deleted items come back",
  story:
    "A cart is always writable, and versions that conflict are merged by their union so that no added item is lost. An item that was deleted in one of them is back in the cart.",
  source: "DeCandia et al., Dynamo, SOSP 2007, §4.4",
  shows: [{ kind: "invariant", name: "what was deleted stays deleted" }],
};
