import type { ChildEnd } from "./child.js";
import type { Limits } from "./simulate.js";

/** Why a child gave no answer: one or two sentences for `reason`. */
export function whyItEnded(
  end: Exclude<ChildEnd, { kind: "answered" }>,
  limits: Limits,
  signal: AbortSignal | undefined,
): string {
  const where = end.last === undefined ? "Evaluating the file" : `The schedule with seed ${end.last.seed}`;
  switch (end.kind) {
    case "deadline":
      return `${where} did not end within ${limits.deadlineMs / 1000} s and was stopped: it loops, or goes on for ever in virtual time.`;
    case "memory":
      return `${where} needed more than ${limits.heapLimitMb} MB of heap, or ${limits.memoryLimitMb} MB in all, and was stopped.`;
    case "cancelled":
      return stopped(end.last?.done ?? 0, signal);
    case "died":
      return `${where} ended the process that it ran in: ${end.detail}`;
  }
}

/** What a stopped run is worth: nothing was found so far, which is not what was asked. */
export function stopped(done: number, signal: AbortSignal | undefined): string {
  const cause: unknown = signal?.reason;
  return `Stopped ${typeof cause === "string" ? cause : "on request"} after ${schedules(done)}.`;
}

export const schedules = (count: number): string =>
  count === 1 ? "1 schedule" : `${count.toLocaleString("en-US")} schedules`;

/** How often something was violated, and where to see it. Of a single schedule the seed says all that there is to say. */
export function frequency({ count, seed }: { readonly count: number; readonly seed: number }, run: number): string {
  if (run === 1) return `violated with seed ${seed}`;
  return `violated in ${count.toLocaleString("en-US")} of ${schedules(run)} · seed ${seed}`;
}
