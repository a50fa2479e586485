import type { SimulateRun } from "./simulate.js";

/** What a search through every order of events came to, in a sentence; undefined for a run that drew its schedules. */
export function exhaustiveText({ exhaustive, schedules }: SimulateRun): string | undefined {
  if (exhaustive === undefined) return undefined;
  const { sessions, operations, timers, states, statesPerSecond, violated, complete } = exhaustive;
  const what =
    sessions === null
      ? "the scenario's body"
      : `${counted(sessions, "session")} × ${counted(operations ?? 0, "operation")}`;
  const orders = `${complete ? "all" : "not all"} delivery orders of ${what} with up to ${counted(timers, "timer firing")}`;
  const verdict =
    violated === 0 ? "none violates" : `${violated.toLocaleString("en-US")} of ${counted(schedules, "end")} violated`;
  return `${orders}: ${counted(states, "state")}, ${verdict} · ${counted(statesPerSecond, "state")} a second`;
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
