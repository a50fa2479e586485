import type { History, HistoryEvent } from "../../history/history.js";

export interface Interval {
  readonly invoked: number;
  /** `Infinity` for what may take effect at any later time. */
  readonly completed: number;
}

/** Where no finer order is recorded, invocations come before completions of the same time: that orders nothing. */
export function orderOf(history: History): (event: HistoryEvent) => Interval {
  const isExact = history.events.every(
    (event) =>
      event.invokedOrder !== undefined && (event.completedUs === undefined || event.completedOrder !== undefined),
  );
  return (event) => ({
    invoked: isExact ? (event.invokedOrder as number) : 2 * event.invokedUs,
    completed:
      event.status === "info" || event.completedUs === undefined
        ? Number.POSITIVE_INFINITY
        : isExact
          ? (event.completedOrder as number)
          : 2 * event.completedUs + 1,
  });
}
