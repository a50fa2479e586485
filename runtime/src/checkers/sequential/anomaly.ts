import type { Finding } from "../search/anomaly.js";
import type { Contradiction } from "../search/minimise.js";
import type { PartitionEvent } from "../search/partition.js";
import type { Teller } from "../search/teller.js";

/** What contradicts the order of the sessions: the story of each, and what is wrong with them together. */
export function againstSessions({ essential }: Contradiction, tell: Teller): Finding {
  const sessions = bySession(essential);
  const stories = sessions.map((events) => story(events, tell)).join(", and ");
  return { name: nameOf(sessions), message: `${stories}: ${complaint(sessions)}.` };
}

function bySession(events: readonly PartitionEvent[]): (readonly PartitionEvent[])[] {
  const sessions = new Map<number, PartitionEvent[]>();
  for (const event of events) {
    const earlier = sessions.get(event.lane);
    if (earlier === undefined) sessions.set(event.lane, [event]);
    else earlier.push(event);
  }
  return [...sessions.values()];
}

/** `nyc wrote 1 to x (0.1–0.2 s) and then read 0 from y (0.3–0.4 s)` */
function story(events: readonly PartitionEvent[], tell: Teller): string {
  return events
    .map((event, i) => {
      const before = events[i - 1];
      if (before === undefined) return tell.timed(event);
      return `${before.completed < event.invoked ? "and then" : "and meanwhile"} ${tell.timedAct(event)}`;
    })
    .join(" ");
}

function complaint(sessions: readonly (readonly PartitionEvent[])[]): string {
  if (sessions.length === 1) return "no order of all operations explains this session";
  return `no order of all operations explains ${sessions.length === 2 ? "both" : "them all"}`;
}

function nameOf(sessions: readonly (readonly PartitionEvent[])[]): Finding["name"] {
  const writes = sessions.flat().some((event) => !event.pure);
  if (sessions.length === 1) return writes ? "read-your-writes" : "non-monotonic-read";
  // Independent reads of independent writes: readers that disagree about which write came first.
  if (!writes) return "long-fork";
  return sessions.every(([first, ...rest]) => first?.pure === false && rest.some((event) => event.pure))
    ? "store-buffering"
    : "stale-read";
}
