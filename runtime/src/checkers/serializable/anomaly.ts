import type { Finding } from "../search/anomaly.js";
import type { Contradiction } from "../search/minimise.js";
import type { Teller } from "../search/teller.js";

/** Transactions that no order explains. Every such set holds a cycle in which some read missed a write (Adya 1999). */
export function againstTransactions({ essential, partition }: Contradiction, tell: Teller): Finding {
  const message = `${essential.map((event) => tell.timed(event)).join(", and ")}: ${complaints[partition.order]}.`;
  const inTransactions = essential.some((event) => event.pure && event.steps.length > 1);
  if (inTransactions) return { name: "read-skew", message };
  return { name: partition.order === "none" ? "anti-dependency-cycle" : "stale-read", message };
}

const complaints = {
  none: "no order of the transactions explains them together",
  session: "no order of the transactions that keeps each session's explains them together",
  "real-time": "no order of the transactions that keeps to real time explains them together",
} as const;
