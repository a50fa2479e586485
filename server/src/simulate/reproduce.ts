import type { Choice, FinishedRun } from "./run-scenario.js";
import type { ExhaustiveRun, SimulateRun } from "./simulate.js";
import type { Style } from "./style.js";
import { traceFileName } from "./trace-file-name.js";

/** The command alone does not wait for a debugger: so it can be pasted, and CI can print it. */
export function replayLines(finished: FinishedRun, seed: number, racing: number, style: Style): readonly string[] {
  const command = `  ${style.bold("Replay")}  ${style.link(reproduceCommand(finished, seed))}`;
  const isReplay = finished.run.exhaustive === undefined || finished.saved !== undefined;
  if (racing === 0 || !isReplay) return [command];
  const marks = racing === 1 ? "①" : racing === 2 ? "① and ②" : "①, ② …";
  return [command, `          ${style.dim(`with --inspect a debugger stops at ${marks}`)}`];
}

/** The one command that shows a schedule again: what else had a say in it is a part of it. */
export function reproduceCommand({ run, choice, saved }: FinishedRun, seed: number): string {
  if (saved !== undefined) return `npx faultline replay ${quoted(saved)}`;
  const { faults, strategy } = choice ?? {};
  if (run.exhaustive !== undefined) {
    const kept = `npx faultline replay ${quoted(`traces/${traceFileName(run.target)}`)}`;
    return [exhaustCommand(run), ...overrides(faults), "--save-traces traces;", kept].join(" ");
  }
  return ["npx faultline replay", quoted(run.target), "--seed", seed, ...overrides(faults, strategy)].join(" ");
}

/** What looks for schedules of a target again, under the same conditions. */
export function exploreCommand(target: string, { faults, strategy }: Pick<Choice, "faults" | "strategy">): string {
  return ["npx faultline simulate", quoted(target), ...overrides(faults, strategy)].join(" ");
}

function overrides(faults: Choice["faults"], strategy?: Choice["strategy"]): readonly string[] {
  return [
    ...(faults === undefined ? [] : ["--faults", typeof faults === "string" ? faults : JSON.stringify(faults)]),
    ...(strategy === undefined ? [] : ["--strategy", strategy]),
  ].map(quoted);
}

/** The search comes to the same schedule again and keeps it; from then on it is replayed by itself. */
function exhaustCommand({ target, seed, exhaustive }: SimulateRun): string {
  const { sessions, operations, timers } = exhaustive as ExhaustiveRun;
  const bounds = Object.entries({ sessions, operations, timers }).flatMap(([name, value]) =>
    value === null ? [] : [`--${name}`, value],
  );
  return ["npx faultline simulate", quoted(target), "--exhaustive", "--seed", seed, ...bounds].join(" ");
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./#-]+$/.test(word) && !word.startsWith("#") ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
