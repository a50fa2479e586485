import type { About } from "../about.js";

export const about: About = {
  kind: "unawaited write",
  story:
    "The entry in the audit is not waited for, so the transaction ends before it is written, and its failure is swallowed. What was paid out is in no audit.",
  shows: [{ kind: "invariant", name: "what was paid out was audited" }],
};
