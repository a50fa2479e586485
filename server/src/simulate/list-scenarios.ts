import type { Bundle } from "./bundle.js";
import type { Children } from "./children.js";
import { whyItEnded } from "./reasons.js";
import type { FinishedRun } from "./run-scenario.js";
import type { Limits, SimulateOptions, SimulateRun } from "./simulate.js";
import type { ReplicatedExport, Scenario } from "./targets.js";
import { UnusableInputError } from "./unusable-input.js";

/** What every child process of one simulation shares. */
export interface EvaluatedFile {
  readonly options: SimulateOptions;
  readonly bundle: Bundle;
  /** The file as people write it. */
  readonly shown: string;
  readonly children: Children;
  readonly limits: Limits;
}

/** Evaluates the file once to learn what it exports. Code that cannot even be evaluated is a run that ended there. */
export async function listTargets(
  evaluated: EvaluatedFile,
): Promise<{ readonly scenarios: readonly Scenario[]; readonly classes: readonly ReplicatedExport[] } | FinishedRun> {
  const { options, bundle, shown } = evaluated;
  const end = await evaluated.children.perform({ kind: "list" });
  if (end.kind !== "answered")
    return { run: unknownRun(evaluated, whyItEnded(end, evaluated.limits, options.signal)), traced: [], asked: 0 };
  const { answer } = end;
  if (answer.kind === "targets") return { scenarios: answer.scenarios, classes: answer.classes };
  if (answer.kind !== "refused")
    throw new Error(`the runtime answered ${answer.kind} when it was asked for its targets`);
  const message = bundle.positions.inText(answer.message);
  if (answer.outside === true) return { run: outsideRun(evaluated, message, answer.stack), traced: [], asked: 1 };
  throw new UnusableInputError(
    `${shown} throws while it is evaluated, so it has no target: ${message}`,
    `Correct the error, or move what fails into the scenario. Nothing was simulated${options.name === undefined ? "" : ` of ${options.name}`}.`,
    answer.stack === undefined ? undefined : userFrames(bundle.positions.inText(answer.stack), bundle.fileName),
  );
}

/** A run that judged nothing, or not all that was asked. */
export function unknownRun(evaluated: EvaluatedFile, reason: string | null, target = targetOf(evaluated)): SimulateRun {
  return emptyRun(target, evaluated.options.seed, reason);
}

export function emptyRun(target: string, seed: number, reason: string | null): SimulateRun {
  return {
    target,
    seed,
    schedules: 0,
    vacuous: 0,
    outcome: "unknown",
    reason,
    violations: [],
    operations: [],
    faultsFired: {},
    simulatedMs: 0,
    wallMs: 0,
  };
}

const targetOf = ({ shown, options }: EvaluatedFile): string =>
  options.name === undefined ? shown : `${shown}#${options.name}`;

/** Reaching outside while modules load is a finding about the code, as it is in a scenario's body. */
function outsideRun(evaluated: EvaluatedFile, message: string, stack: string | undefined): SimulateRun {
  const { positions } = evaluated.bundle;
  const site = positions.firstIn(stack ?? "");
  return {
    ...unknownRun(evaluated, null),
    outcome: "violated",
    schedules: 1,
    vacuous: 1,
    violations: [
      {
        kind: "error",
        name: "the file can be evaluated in a simulation",
        anomaly: null,
        seed: evaluated.options.seed,
        count: 1,
        message,
        expected: null,
        observed: null,
        location: site === undefined ? null : positions.sourceOf(site),
        related: [],
        shrunk: null,
        remedies: [],
      },
    ],
  };
}

/** The part of a stack that is about the user's files, and not about what the compiler added to the program. */
function userFrames(stack: string, program: string): string {
  const isOwn = (line: string) => !/faultline-host|\[eval\]|node:|evalmachine/.test(line) && !line.includes(program);
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && isOwn(line))
    .join("\n");
}
