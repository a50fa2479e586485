import type { Finding } from "../search/anomaly.js";
import type { Contradiction } from "../search/minimise.js";
import type { PartitionEvent } from "../search/partition.js";
import type { Teller } from "../search/teller.js";
import { list, seconds } from "../wording.js";

/** What contradicts real time. */
export function againstTime(contradiction: Contradiction, tell: Teller): Finding {
  return backwards(contradiction, tell) ?? staleRead(contradiction, tell);
}

/** Reads alone contradict each other: a newer state, then an older one. */
function backwards({ essential }: Contradiction, tell: Teller): Finding | undefined {
  if (essential.some((event) => !event.pure)) return undefined;
  const sequential = essential.every(
    (event, i) => i === 0 || (essential[i - 1] as PartitionEvent).completed < event.invoked,
  );
  const message = sequential
    ? `${essential.map((event) => tell.timed(event)).join(", and then ")}: no order of the changes explains them in this order.`
    : `${list(essential.map((event) => tell.timed(event)))}: no order of the changes explains them together.`;
  return { name: "non-monotonic-read", message };
}

function staleRead({ essential }: Contradiction, tell: Teller): Finding {
  const last = essential.reduce((latest, event) => (event.completed > latest.completed ? event : latest));
  const others = essential.filter((event) => event !== last);
  const before = others.every((event) => event.completed < last.invoked);
  const reasons = list(others.map((event) => (before ? done(event, tell) : tell.timed(event))));
  const when = before ? ", before that began" : ", and no order explains them all";
  return { name: "stale-read", message: `${tell.timed(last)}, although ${reasons}${when}.` };
}

function done(event: PartitionEvent, tell: Teller): string {
  return `${tell.deed(event)} by ${seconds(event.source.completedUs ?? event.source.invokedUs)}`;
}
