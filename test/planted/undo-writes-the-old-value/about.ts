import type { About } from "../about.js";

export const about: About = {
  kind: "saga whose compensation loses others' changes",
  story:
    "The compensation puts back the balance from before. What was paid in between the debit and its undoing is gone.",
  shows: [{ kind: "invariant", name: "nothing that was paid in is forgotten" }],
};
