import type { Command } from "commander";
import type { SimulateOptions } from "../../simulate/index.js";
import { UsageError } from "../exit.js";
import { atLeast } from "../run-options.js";

export interface ExhaustiveOptions {
  readonly exhaustive?: boolean;
  readonly sessions?: number;
  readonly operations?: number;
  readonly timers?: number;
  readonly states?: number;
}

const usual = { sessions: 2, operations: 2, timers: 1, states: 100_000 };
const bounds = ["sessions", "operations", "timers", "states"] as const;
/** What chooses among schedules has no say where every order is tried. */
const choosing = ["schedules", "strategy", "shard"] as const;

/** Adds `--exhaustive` and its bounds. */
export function withExhaustive(command: Command): Command {
  return command
    .option("--exhaustive", "few calls in every order of events in place of many schedules; see docs/exhaustive.md")
    .option("--sessions <n>", `with --exhaustive: sessions that call; ${usual.sessions} unless given`, atLeast(1))
    .option("--operations <n>", `with --exhaustive: calls of each; ${usual.operations} unless given`, atLeast(1))
    .option("--timers <n>", `with --exhaustive: timers that go off; ${usual.timers} unless given`, atLeast(0))
    .option("--states <n>", `with --exhaustive: states at most; ${usual.states} unless given`, atLeast(1));
}

/** Undefined where schedules are to be drawn. */
export function boundsOf(
  options: ExhaustiveOptions & { readonly [name in (typeof choosing)[number]]?: unknown },
): SimulateOptions["exhaustive"] {
  const given = bounds.find((name) => options[name] !== undefined);
  if (options.exhaustive !== true) {
    if (given === undefined) return undefined;
    throw new UsageError(`--${given} is a bound of --exhaustive.`, `Add --exhaustive, or leave out --${given}.`);
  }
  const idle = choosing.find((name) => options[name] !== undefined);
  if (idle !== undefined)
    throw new UsageError(
      `--${idle} chooses among schedules, and --exhaustive tries every order of events.`,
      `Leave out --${idle}, or --exhaustive.`,
    );
  const { sessions, operations, timers, states } = { ...usual, ...options };
  return { sessions, operations, timers, states };
}
