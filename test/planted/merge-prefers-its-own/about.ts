import type { About } from "../about.js";

export const about: About = {
  kind: "a merge that is not commutative",
  story:
    "The merge keeps the first of two names, and which one is the first differs from replica to replica. They swap their names and never agree.",
  shows: [
    { kind: "divergence", name: "the merge of Contact.name is commutative" },
    { kind: "divergence", name: "contact1.name converges" },
    { kind: "divergence", name: "contact2.name converges" },
  ],
};
