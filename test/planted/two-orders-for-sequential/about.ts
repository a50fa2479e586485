import type { About } from "../about.js";

export const about: About = {
  kind: "no common order",
  story:
    "The field asks for one order that all agree on and is given causal broadcast, where replicas take writes by themselves. Two players each see their own move first.",
  shows: [{ kind: "guarantee", name: "sequential" }],
};
