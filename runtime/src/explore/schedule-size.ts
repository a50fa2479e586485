import type { ScheduleSize } from "./decisions.js";

/** `38 → 2 operations, 4 → 1 fault`; empty where nothing became less. */
export function sizeChange(before: ScheduleSize, after: ScheduleSize): string {
  const part = (was: number, is: number, noun: string) => (was === is ? [] : [`${was} → ${is} ${noun}${plural(is)}`]);
  return [
    ...part(before.operations, after.operations, "operation"),
    ...part(before.faults, after.faults, "fault"),
  ].join(", ");
}

const plural = (count: number): string => (count === 1 ? "" : "s");
