import type { PerfettoEvent } from "./format.js";

/** What the viewers call processes: groups of tracks, from top to bottom. */
export const processes = { schedule: 1, sessions: 2, replicas: 3, states: 4 } as const;

const names: Readonly<Record<keyof typeof processes, string>> = {
  schedule: "Schedule and faults",
  sessions: "Sessions",
  replicas: "Replicas",
  states: "What replicas hold",
};

export function processNames(): readonly PerfettoEvent[] {
  return (Object.keys(processes) as (keyof typeof processes)[]).flatMap((process): PerfettoEvent[] => [
    { ph: "M", name: "process_name", pid: processes[process], args: { name: names[process] } },
    { ph: "M", name: "process_sort_index", pid: processes[process], args: { sort_index: processes[process] } },
  ]);
}

/** Tracks are numbered from 1. */
export function threadNames(pid: number, tracks: readonly string[]): readonly PerfettoEvent[] {
  return tracks.flatMap((name, index): PerfettoEvent[] => [
    { ph: "M", name: "thread_name", pid, tid: index + 1, args: { name } },
    { ph: "M", name: "thread_sort_index", pid, tid: index + 1, args: { sort_index: index + 1 } },
  ]);
}
