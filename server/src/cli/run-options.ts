import { existsSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { InvalidArgumentError } from "commander";
import type { SimulateOptions } from "../simulate/index.js";
import { UsageError } from "./exit.js";

/** `file#name`; a path that exists as it is has no name. */
export function parseTarget(target: string): { readonly file: string; readonly name?: string } {
  const hash = target.lastIndexOf("#");
  if (hash < 0 || existsSync(target)) return { file: resolve(target) };
  const name = target.slice(hash + 1);
  const file = resolve(target.slice(0, hash));
  if (name === "" || hash === 0)
    throw new UsageError(
      `"${target}" names no target.`,
      "Write file#name, or the file alone for all of its scenarios.",
    );
  return { file, name };
}

export function atLeast(minimum: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`It has to be a whole number, ${minimum} or more.`);
  };
}

export function refuseImpossible(seed: number, schedules: number): void {
  // Subtracted, because a sum beyond the limit is rounded.
  if (schedules - 1 <= Number.MAX_SAFE_INTEGER - seed) return;
  throw new UsageError(
    `After seed ${seed} there is no room for ${schedules} ${schedules === 1 ? "schedule" : "schedules"}.`,
    `Schedule i has seed + i − 1, and the last one is ${Number.MAX_SAFE_INTEGER}: give a smaller seed.`,
  );
}

/** The longest that a timer waits; what asks for more would end at once. */
const longestMs = 2 ** 31 - 1;

/** What `--timeout` takes. */
export function wallMs(text: string): number {
  return Math.min(atLeast(1)(text), longestMs);
}

/** Stops `work` by Ctrl-C, which then says what it knows, and after so much wall time. */
export async function interruptible<T>(
  timeoutMs: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const stop = (reason: string) => abort.abort(reason);
  const timer = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs, "by --timeout");
  const interrupted = () => {
    // Asked twice, it does not even say what it knows.
    if (abort.signal.aborted) process.exit(130);
    stop("by Ctrl-C");
  };
  process.on("SIGINT", interrupted);
  try {
    return await work(abort.signal);
  } finally {
    clearTimeout(timer);
    process.off("SIGINT", interrupted);
  }
}

type Strategy = NonNullable<SimulateOptions["strategy"]>;

const strategies: Readonly<Record<Strategy, true>> = {
  random: true,
  priorities: true,
  overtaking: true,
  mixed: true,
  guided: true,
};

/** What `--strategy` takes. */
export function strategy(text: string): Strategy {
  if (Object.hasOwn(strategies, text)) return text as Strategy;
  throw new InvalidArgumentError(`It has to be one of ${Object.keys(strategies).join(", ")}.`);
}

/** What `--faults` takes: a word, or the list that a scenario's `faults` serialise to. */
export function faults(text: string): "random" | "none" | readonly unknown[] {
  if (text === "random" || text === "none") return text;
  try {
    const value: unknown = JSON.parse(text);
    const isFault = (each: unknown) => typeof each === "object" && each !== null && "fault" in each;
    if (Array.isArray(value) && value.every(isFault)) return value as readonly unknown[];
  } catch {
    // Said below: neither a word that it knows nor JSON.
  }
  throw new InvalidArgumentError(
    'It has to be random, none, or a JSON array such as [{"fault":"partition","groups":[["nyc"],["london","tokyo"]],"fromMs":100,"untilMs":5000}].',
  );
}
