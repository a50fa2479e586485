import type { ChildEnd, Limits } from "./child.js";

/** Why a child gave no answer: one or two sentences for `reason`. */
export function whyItEnded(end: Exclude<ChildEnd, { kind: "answered" }>, limits: Limits): string {
  const where = end.last === undefined ? "Evaluating the file" : `The schedule with seed ${end.last.seed}`;
  switch (end.kind) {
    case "deadline":
      return `${where} did not end within ${limits.deadlineMs / 1000} s and was stopped: it loops, or goes on for ever in virtual time.`;
    case "memory":
      return `${where} needed more than ${limits.heapLimitMb} MB of heap, or ${limits.memoryLimitMb} MB in all, and was stopped.`;
    case "cancelled":
      return `Stopped on request after ${schedules(end.last?.done ?? 0)}.`;
    case "died":
      return `${where} ended the process that it ran in: ${end.detail}`;
  }
}

export const schedules = (count: number): string =>
  count === 1 ? "1 schedule" : `${count.toLocaleString("en-US")} schedules`;
