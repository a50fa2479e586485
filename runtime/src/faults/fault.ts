import type { Disturbance, Window } from "../simulation/nemesis.js";
import type { World } from "../simulation/world.js";
import { shown } from "./parameters.js";

/** A fault as plain data: what a scenario lists, what a report prints and what `--faults` takes. */
export interface Fault {
  readonly fault: string;
  readonly fromMs: number;
  readonly untilMs?: number | undefined;
  readonly [parameter: string]: unknown;
}

/** When a fault acts, in virtual milliseconds from the start of the run. */
export interface FaultWindow {
  /** Default 0. */
  readonly fromMs?: number;
  /** Default: until the scenario's body has ended. */
  readonly untilMs?: number;
}

/** One kind of fault: how its data is read and what it does to a world. */
export interface FaultKind {
  readonly name: string;
  /** What its data has besides its name and its window. */
  readonly parameters: readonly string[];
  /** Binds the fault to a world; throws a RangeError that says what is wrong with its parameters. */
  bind(fault: Fault, world: World): Disturbance;
}

/** Reads a window, also of a fault that came as JSON; throws a RangeError that says what is wrong with it. */
export function windowOf(
  fault: string,
  window: { readonly fromMs?: number | undefined; readonly untilMs?: number | undefined },
): Window {
  const { fromMs = 0, untilMs } = window;
  const isTime = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0;
  if (!isTime(fromMs))
    throw new RangeError(`${fault}: fromMs is ${shown(fromMs)}; it has to be a time in ms, 0 or more.`);
  if (untilMs !== undefined && !(isTime(untilMs) && untilMs > fromMs))
    throw new RangeError(
      `${fault}: untilMs is ${shown(untilMs)}; it has to be a time in ms, later than fromMs (${fromMs}).`,
    );
  return { fromMs, untilMs };
}

/** The window's part of a fault's data; no key at all for an end that is open, so that the JSON stays plain. */
export function windowData(fault: string, window: FaultWindow): { readonly fromMs: number; readonly untilMs?: number } {
  const unknown = Object.keys(window).find((key) => key !== "fromMs" && key !== "untilMs");
  if (unknown !== undefined)
    throw new RangeError(`${fault}: there is no "${unknown}" in a fault's window. It has fromMs and untilMs.`);
  const { fromMs, untilMs } = windowOf(fault, window);
  return untilMs === undefined ? { fromMs } : { fromMs, untilMs };
}
