import type { ExhaustiveRun, SimulateRun } from "./simulate.js";

/** What a search through every order of events came to, in a sentence; undefined for a run that drew its schedules. */
export function exhaustiveText({ exhaustive, schedules }: SimulateRun): string | undefined {
  if (exhaustive === undefined) return undefined;
  const { sessions, operations, timers, states, statesPerSecond, violated, complete, noticed } = exhaustive;
  const what =
    sessions === null
      ? "the scenario's body"
      : `${counted(sessions, "session")} × ${counted(operations ?? 0, "operation")}`;
  const orders = `${complete ? "all" : "not all"} delivery orders of ${what} with up to ${counted(timers, "timer firing")}`;
  const verdict =
    violated === 0 ? "none violates" : `${violated.toLocaleString("en-US")} of ${counted(schedules, "end")} violated`;
  const result = `${orders}: ${counted(states, "state")}, ${verdict} · ${counted(statesPerSecond, "state")} a second`;
  return [result, ...noticed.map(noticedText)].join(". ");
}

const consequences: Readonly<Record<ExhaustiveRun["noticed"][number]["what"], string>> = {
  clock: "user code looks at a clock, so timers that only let time pass count too",
  faults: "user code asks for faults, so it matters when each message arrives",
  memory: "sessions know of one another by more than the store, so they count as one flow of user code",
};

/** The first orders show most of it, before there are any states. */
function noticedText({ what, states }: ExhaustiveRun["noticed"][number]): string {
  const text = consequences[what];
  return states === 0
    ? `${text.charAt(0).toUpperCase()}${text.slice(1)}`
    : `Began again after ${counted(states, "state")}: ${text}`;
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
