import type { ClockOrder } from "../../analysis/view/clock-orders.js";
import type { Problem, Report, Rule } from "../rule.js";
import { list } from "../words.js";

/**
 * Clocks of different machines tell nothing of what came before what (Lamport, Time, Clocks, and the Ordering of Events in
 * a Distributed System, CACM 1978). Hybrid logical clocks do, and stay close to the time of day (Kulkarni et al., 2014).
 */
export const noWallClockOrder: Rule = {
  id: "no-wall-clock-order",
  severity: "error",
  summary: "Conflicts settled, or state rebuilt, by timestamps that the clocks of different nodes have given.",
  check(model, report) {
    for (const order of model.clockOrders) report(problem(order, report));
  },
};

function problem(order: ClockOrder, report: Report): Problem {
  return {
    at: order.site,
    message: `${subject(order)} \`${order.member}\`, a time that each node takes from its own clock.`,
    why: why[order.kind],
    help: help(order),
    fixes: [report.fixes.lastWriterWins(order), report.fixes.keepLogOrder(order)],
  };
}

function subject({ kind, names }: ClockOrder): string {
  const cells = names.length === 0 ? "the events" : list(names.map((each) => `\`${each}\``));
  switch (kind) {
    case "merge":
      return `The merge of ${cells} decides by`;
    case "change":
      return `A new value of ${cells} is kept or dropped by`;
    case "sort":
      return `State is built from ${cells} in the order of`;
    case "pick":
      return `One value of ${cells} is chosen by`;
  }
}

const dropped =
  "Clocks are apart by milliseconds and at times by seconds: what was written later, by a node whose clock is behind, looks older. It is confirmed to its writer and then thrown away, without an error.";

const why: Readonly<Record<ClockOrder["kind"], string>> = {
  merge: dropped,
  change: dropped,
  pick: dropped,
  sort: "Clocks are apart by milliseconds and at times by seconds: an event gets a place before the one that caused it, a cancellation before its order, and the state that comes of it never was.",
};

function help({ kind, names, isLog }: ClockOrder): string {
  if (kind === "sort" && isLog)
    return `Take the entries as \`${names[0]}\` gives them: it has an order that all replicas agree on.`;
  if (kind === "sort")
    return "Number the events of a stream when they are appended, and rebuild in that order; keep the time for people.";
  return "Compare a `version` that counts up with every change, and something else where two are equal; or leave it to `lastWriterWins`, which goes by a hybrid logical clock.";
}
