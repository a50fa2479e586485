import process from "node:process";
import { setFlagsFromString } from "node:v8";
import * as advice from "../advice/index.js";
import * as checkers from "../checkers/index.js";
import * as cqrs from "../cqrs/index.js";
import * as eventsourcing from "../eventsourcing/index.js";
import type { SizeSoFar } from "../explore/decisions.js";
import { exhaustScenario } from "../explore/exhaustive/exhaust.js";
import type { ExhaustiveProgress } from "../explore/exhaustive/exhaustive-report.js";
import { exploreBlock, type FaultChoice, traceScenario } from "../explore/explore.js";
import { shrink } from "../explore/shrink/shrink.js";
import { messageOf, readable } from "../explore/thrown.js";
import * as runtime from "../index.js";
import * as label from "../label/index.js";
import * as simulation from "../simulation/index.js";
import { holdVirtualGlobals, OutsideSimulationError } from "../simulation/virtual-globals/index.js";
import { realExit } from "../simulation/virtual-globals/real.js";
import { awaitDebugger } from "./debugging.js";
import { Intrinsics } from "./intrinsics.js";
import { Output, redirectUserOutput } from "./output.js";
import { compileProgram, type Program } from "./program.js";
import { type Answer, type Command, hostProtocolVersion, type Job } from "./protocol.js";
import { evaluation, targetsOf } from "./targets.js";

const entries = {
  "@faultline/runtime": runtime,
  "@faultline/runtime/simulation": simulation,
  "@faultline/runtime/checkers": checkers,
  "@faultline/runtime/label": label,
  "@faultline/runtime/eventsourcing": eventsourcing,
  "@faultline/runtime/cqrs": cqrs,
  "@faultline/runtime/advice": advice,
};

/**
 * V8 puts objects at once where only full collections look, if those made at the same place lived long. Of a schedule few
 * do, but one that does keeps its whole world alive, which makes all others look long-lived: for good, as it turns out.
 */
const keepYoung = "--no-allocation-site-pretenuring";

export interface Input {
  /** Begins every line of the answer. */
  readonly token: string;
  /** Waits for the next line of standard input; undefined at its end. */
  readonly nextLine: () => string | undefined;
}

/** The child's side of the protocol: answers one command after the other, and ends the process with its input. */
export async function runHost({ token, nextLine }: Input): Promise<never> {
  const { parse } = JSON; // user code may put another in its place
  const output = new Output(token);
  setFlagsFromString(keepYoung);
  redirectUserOutput(() => isAudible);
  reportUncaught(output);
  output.send({ kind: "hello", protocol: hostProtocolVersion });
  const { protocol, code, fileName } = parse(nextLine() ?? "{}") as Job;
  // Patched for good: between schedules the patched functions act as the real ones.
  holdVirtualGlobals();
  const intrinsics = new Intrinsics();
  let program: Program | undefined;
  for (let line = nextLine(); line !== undefined; line = nextLine()) {
    let answer: Answer;
    try {
      if (protocol !== hostProtocolVersion)
        throw new Error(
          `This runtime speaks host protocol ${hostProtocolVersion}, and was asked in protocol ${protocol}.`,
        );
      program ??= compileProgram(code, fileName, entries);
      answer = await perform(parse(line) as Command, program, fileName, output, intrinsics);
    } catch (error) {
      intrinsics.restore(true);
      answer = refusal(error);
    }
    intrinsics.restore(true);
    output.send(answer);
  }
  return realExit(0);
}

/** Whether what user code prints is for the user. */
let isAudible = true;

async function perform(
  command: Command,
  program: Program,
  fileName: string,
  output: Output,
  intrinsics: Intrinsics,
): Promise<Answer> {
  isAudible = command.kind === "explore" ? command.isAudible === true : command.kind !== "shrink";
  if (command.kind === "list") return targetsOf(program);
  const { seed, target } = command;
  const isHeard = isAudible;
  const options = {
    target,
    seed,
    evaluate: evaluation(program, command, command.kind === "exhaust" ? command.bounds : undefined),
    isUserFile: (file: string) => file === fileName,
    // What a scenario's `faults` serialise to; who wrote the list by hand is told what is wrong with it when it is bound.
    ...(command.faults === undefined ? {} : { faults: command.faults as FaultChoice }),
    levels: command.levels,
    mend: (isSure?: boolean) => intrinsics.restore(isSure),
    onPreceding(preceding: number | undefined) {
      isAudible = preceding === undefined && isHeard;
      const isCareful = command.kind === "explore" && command.isCareful === true;
      if (preceding !== undefined) output.announce(preceding, 0, 0, isCareful);
    },
  };
  if (command.kind === "trace") {
    const { stops } = command;
    const watch = stops && awaitDebugger(stops, fileName, (url) => output.send({ kind: "debuggable", url }));
    const { result, decisions } = await traceScenario({ ...options, watch, decisions: command.decisions });
    return { kind: "traced", result, ...(decisions === undefined ? {} : { decisions }) };
  }
  if (command.kind === "exhaust") {
    const { bounds } = command;
    const onProgress = ({ states, violated }: ExhaustiveProgress) => output.announce(seed, states, violated, false);
    const report = await exhaustScenario({ ...options, bounds, onProgress, shouldStop: () => isStopped });
    return { kind: "exhausted", report };
  }
  if (command.kind === "shrink") {
    const decisions = command.decisions ?? (await traceScenario(options)).decisions;
    if (decisions === undefined) throw new Error(`Nothing was decided with seed ${seed}.`);
    const { violation, attempts, workload } = command;
    const onAttempt = (done: number, size: SizeSoFar | undefined) => output.announce(seed, done, 0, false, size);
    const bounds = { violation, attempts, shouldStop: () => isStopped, onAttempt };
    return { kind: "shrunk", ...(await shrink({ ...options, ...bounds, decisions, workload })) };
  }
  const tally = await exploreBlock({
    ...options,
    schedules: command.schedules,
    untilViolated: command.untilViolated,
    shouldStop: () => isStopped,
    onSchedule(seed: number, done: number, violated: number) {
      if (done > 0) isAudible = false;
      output.announce(seed, done, violated, command.isCareful === true);
    },
  });
  return { kind: "explored", tally };
}

function refusal(thrown: unknown) {
  const error = readable(thrown);
  const isError = error instanceof Error;
  return {
    kind: "refused",
    message: isError ? `${error.name}: ${error.message}` : messageOf(error),
    ...(isError && typeof error.stack === "string" ? { stack: error.stack } : {}),
    outside: error instanceof OutsideSimulationError,
  } as const;
}

let isStopped = false;

// Asked to stop, it hands in what it knows; whoever asks does not wait for long.
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => {
    isStopped = true;
  });

function reportUncaught(output: Output): void {
  process.on("uncaughtException", (error) => {
    // While a schedule runs it is a violation, and the run listens too.
    if (process.listenerCount("uncaughtException") > 1) return;
    output.send(refusal(error));
    realExit(0);
  });
}
