import type { History, HistoryEvent } from "../../history/history.js";

/**
 * Which events must come before which. `real-time`: whatever completed before another was invoked. `session`: the same
 * within one session, and nothing between sessions; what was in flight together in one session is concurrent.
 * `none`: nothing.
 */
export type OrderModel = "real-time" | "session" | "none";

/** Where an event stands: it comes after all events of its lane that completed before it was invoked. */
export interface Place {
  /** Numbered from 0. Between lanes nothing is ordered. */
  readonly lane: number;
  /** Places in the order of all invocations and completions; `Infinity` when it may take effect at any later time. */
  readonly invoked: number;
  readonly completed: number;
  /** A sequential client, where the two numbers above leave open what it did first; undefined where they do not. */
  readonly process: number | undefined;
}

/** Where no finer order is recorded, invocations come before completions of the same time: that orders nothing. */
export function placesOf(history: History, model: OrderModel): (event: HistoryEvent) => Place {
  if (model === "none") return unordered(history);
  const exact = history.events.every(
    (event) =>
      event.invokedOrder !== undefined && (event.completedUs === undefined || event.completedOrder !== undefined),
  );
  const laneOf = model === "session" ? lanes() : () => 0;
  return (event) => ({
    lane: laneOf(event.session),
    invoked: exact ? (event.invokedOrder as number) : 2 * event.invokedUs,
    completed: neverCompletes(event)
      ? Number.POSITIVE_INFINITY
      : exact
        ? (event.completedOrder as number)
        : 2 * (event.completedUs as number) + 1,
    process: exact ? undefined : event.process,
  });
}

/** All invocations before all completions: everything is concurrent. */
function unordered({ events }: History): (event: HistoryEvent) => Place {
  let count = 0;
  return (event) => {
    const invoked = count++;
    const completed = neverCompletes(event) ? Number.POSITIVE_INFINITY : events.length + invoked;
    return { lane: 0, invoked, completed, process: undefined };
  };
}

/** Numbers sessions from 0, in the order in which they are first met. */
function lanes(): (session: number) => number {
  const numbers = new Map<number, number>();
  return (session) => {
    let lane = numbers.get(session);
    if (lane === undefined) {
      lane = numbers.size;
      numbers.set(session, lane);
    }
    return lane;
  };
}

function neverCompletes(event: HistoryEvent): boolean {
  return event.status === "info" || event.completedUs === undefined;
}
