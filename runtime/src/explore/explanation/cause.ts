import type { Anomaly } from "../../history/history.js";
import type { FieldChange, Level } from "../../levels.js";
import type { OperationEvent } from "../../simulation/trace.js";
import type { Story } from "../story.js";
import type { Remedy } from "../violation.js";
import { endOf } from "./sight.js";

/** What made a schedule fail. */
export interface Cause {
  readonly domain?: string | undefined;
  readonly anomaly: Anomaly["name"] | undefined;
  readonly racing: readonly OperationEvent[];
  readonly why: string | undefined;
  readonly remedies: readonly (string | Remedy)[];
}

/** A remedy that is an edit of the fields of these cells. */
export function editing(
  story: Story,
  cells: string | readonly string[],
  text: string,
  change: Level | FieldChange,
): Remedy {
  const fields = [cells].flat().map((cell) => story.fieldOf(cell));
  if (fields.some((field) => field === undefined)) return { text, changes: undefined };
  return { text, changes: Object.fromEntries(fields.map((field) => [field, change])) };
}

export function inOrder(operations: readonly OperationEvent[]): readonly OperationEvent[] {
  return [...operations].sort((a, b) => endOf(a) - endOf(b));
}

export function seconds(us: number, digits = 3): string {
  return `${(us / 1_000_000).toFixed(digits)} s`;
}

export function fieldOf(label: string): string {
  return label.slice(label.lastIndexOf(".") + 1);
}

export function decorator(level: string): string {
  return level.charAt(0).toUpperCase() + level.slice(1);
}
