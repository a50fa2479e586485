import type { About } from "../about.js";

export const about: About = {
  kind: "saga whose compensation is not idempotent",
  story: "A refund whose answer is lost is made again. When only the answer was lost, the booking is refunded twice.",
  shows: [{ kind: "invariant", name: "nothing is refunded twice" }],
};
