import process from "node:process";
import { setFlagsFromString } from "node:v8";
import * as checkers from "../checkers/index.js";
import * as cqrs from "../cqrs/index.js";
import * as eventsourcing from "../eventsourcing/index.js";
import { exploreScenario, type FaultChoice, traceScenario } from "../explore/explore.js";
import { isScenario, type Scenario } from "../explore/scenario.js";
import * as runtime from "../index.js";
import * as label from "../label/index.js";
import * as simulation from "../simulation/index.js";
import {
  holdVirtualGlobals,
  installVirtualGlobals,
  OutsideSimulationError,
} from "../simulation/virtual-globals/index.js";
import { realExit } from "../simulation/virtual-globals/real.js";
import { redirectUserOutput, send, sendSchedule } from "./output.js";
import { compileProgram, type Program } from "./program.js";
import { hostProtocolVersion, type Job } from "./protocol.js";

const entries = {
  "@faultline/runtime": runtime,
  "@faultline/runtime/simulation": simulation,
  "@faultline/runtime/checkers": checkers,
  "@faultline/runtime/label": label,
  "@faultline/runtime/eventsourcing": eventsourcing,
  "@faultline/runtime/cqrs": cqrs,
};

/**
 * V8 puts objects at once where only full collections look, if those made at the same place lived long. Of a schedule few
 * do, but one that does keeps its whole world alive, which makes all others look long-lived: for good, as it turns out.
 */
const keepYoung = "--no-allocation-site-pretenuring";

/** The child's side of the protocol: does one job, answers on standard output, and ends the process. */
export async function runHost(job: Job): Promise<never> {
  let schedules = 0;
  setFlagsFromString(keepYoung);
  redirectUserOutput(() => job.command.kind === "trace" || schedules <= 1);
  send({ kind: "hello", protocol: hostProtocolVersion });
  try {
    await perform(job, () => {
      schedules++;
    });
  } catch (error) {
    send(refusal(error));
  }
  return realExit(0);
}

/** `onSchedule` is called before each. */
async function perform({ protocol, code, fileName, command }: Job, onSchedule: () => void): Promise<void> {
  if (protocol !== hostProtocolVersion)
    throw new Error(`This runtime speaks host protocol ${hostProtocolVersion}, and was asked in protocol ${protocol}.`);
  const program = compileProgram(code, fileName, entries);
  // Patched for good: between schedules the patched functions act as the real ones.
  holdVirtualGlobals();
  if (command.kind === "list") {
    send({
      kind: "targets",
      scenarios: scenariosOf(program).map(([name, scenario]) => ({ name, title: scenario.name })),
      classes: [],
    });
    return;
  }
  const { seed, target } = command;
  const options = {
    target,
    seed,
    evaluate: () => scenarioNamed(program, target),
    isUserFile: (file: string) => file === fileName,
    // What a scenario's `faults` serialise to; who wrote the list by hand is told what is wrong with it when it is bound.
    ...(command.faults === undefined ? {} : { faults: command.faults as FaultChoice }),
  };
  if (command.kind === "trace") {
    send({ kind: "traced", result: await traceScenario(options) });
    return;
  }
  const explored = await exploreScenario({
    ...options,
    schedules: command.schedules,
    shouldStop: () => isStopped,
    onSchedule(seed: number, done: number, violated: number) {
      onSchedule();
      sendSchedule(seed, done, violated);
    },
  });
  send({ kind: "explored", ...explored });
}

function scenarioNamed(program: Program, name: string): Scenario {
  const value = program.evaluate()[name];
  if (!isScenario(value)) throw new Error(`The program exports no scenario named ${name}.`);
  return value;
}

/** What the program exports when it is evaluated in a world where time stands still. */
function scenariosOf(program: Program): readonly [string, Scenario][] {
  const restore = installVirtualGlobals({
    nowUs: () => 0,
    setTimer: () => 0,
    clearTimer: () => {},
    random: () => 0,
    forbidden: () => {},
  });
  try {
    return Object.entries(program.evaluate()).filter((entry): entry is [string, Scenario] => isScenario(entry[1]));
  } finally {
    restore();
  }
}

function refusal(error: unknown) {
  const isError = error instanceof Error;
  return {
    kind: "refused",
    message: isError ? `${error.name}: ${error.message}` : String(error),
    ...(isError && error.stack !== undefined ? { stack: error.stack } : {}),
    outside: error instanceof OutsideSimulationError,
  } as const;
}

let isStopped = false;

// Asked to stop, it hands in what it knows; whoever asks does not wait for long.
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => {
    isStopped = true;
  });

process.on("uncaughtException", (error) => {
  // While a schedule runs it is a violation, and the run listens too.
  if (process.listenerCount("uncaughtException") > 1) return;
  send(refusal(error));
  realExit(0);
});
