import { isAtLeast, type Level, levels } from "../../runtime/src/levels.js";
import { explore, type Scenario, type Violation } from "../../runtime/src/simulation/index.js";
import { type Configuration, configurations } from "./configurations.js";
import { type Story, stories } from "./stories.js";
import { trafficOn } from "./workload.js";

/** One level asked of one configuration. Plain data: it crosses processes. */
export interface Trial {
  readonly configuration: string;
  readonly level: Level;
  /** Which of the configuration's mixes of faults. Above what is claimed all of them: one counterexample is enough. */
  readonly mixes: readonly string[];
}

/** Whether a misconfiguration shows what it is known for, and what should cure it does not. */
export interface StoryTrial {
  readonly story: string;
  readonly part: "wrong" | "cure";
}

export interface Result<T extends Trial | StoryTrial = Trial | StoryTrial> {
  readonly trial: T;
  /** Schedule i had seed `seed + i − 1`. */
  readonly seed: number;
  /** How many schedules ran: fewer than asked for where a counterexample was all that was looked for. */
  readonly schedules: number;
  readonly found: Counterexample | undefined;
  /** Why nothing can be said, if so. */
  readonly undecided: string | undefined;
}

export interface Counterexample {
  /** In which mix of faults; absent for a story, which has its own. */
  readonly mix: string | undefined;
  readonly seed: number;
  readonly kind: Violation["kind"];
  readonly name: string;
  readonly anomaly: string | undefined;
  readonly message: string;
}

/** Level none promises nothing, so it is asked only where nothing is claimed: errors and liveness are judged even there. */
export function trialsOf(configuration: Configuration): readonly Trial[] {
  const { id, claims } = configuration;
  const mixes = configuration.mixes.map((mix) => mix.id);
  return levels
    .filter((level) => level !== "none" || claims === "none")
    .flatMap((level) => {
      const groups = isAtLeast(claims, level) ? mixes.map((mix) => [mix]) : [mixes];
      return groups.map((group) => ({ configuration: id, level, mixes: group }));
    });
}

export const storyTrials: readonly StoryTrial[] = stories.flatMap(({ id }) => [
  { story: id, part: "wrong" },
  { story: id, part: "cure" },
]);

/** Whether no counterexample is expected. */
export const isToHold = (trial: Trial | StoryTrial): boolean =>
  "story" in trial ? trial.part === "cure" : isAtLeast(configurationOf(trial.configuration).claims, trial.level);

export const configurationOf = (id: string): Configuration => find("configuration", configurations, id);
export const storyOf = (id: string): Story => find("story", stories, id);

/** What is to hold runs on all schedules; else schedules run in portions until a counterexample is found. */
export async function run<T extends Trial | StoryTrial>(trial: T, seed: number, schedules: number): Promise<Result<T>> {
  const targets = targetsOf(trial);
  let undecided: string | undefined;
  let done = 0;
  for (let portion = isToHold(trial) ? schedules : 25; done < schedules; portion *= 2) {
    const next = Math.min(portion, schedules - done);
    for (const { mix, target } of targets) {
      const report = await explore(target, { seed: seed + done, schedules: next });
      const found = counterexample(report.violations, mix);
      if (found !== undefined) return { trial, seed, schedules: done + next, found, undecided: undefined };
      undecided = report.reason ?? undefined;
    }
    done += next;
  }
  return { trial, seed, schedules, found: undefined, undecided };
}

interface Target {
  readonly mix: string | undefined;
  readonly target: Scenario;
}

function targetsOf(trial: Trial | StoryTrial): readonly Target[] {
  if ("story" in trial) return [{ mix: undefined, target: storyOf(trial.story)[trial.part].target }];
  const { level, configuration } = trial;
  const { mixes, plainFrom, traffic, ...asked } = configurationOf(configuration);
  const isPlain = plainFrom !== undefined && isAtLeast(level, plainFrom);
  const type = asked.subjectAt(level);
  return trial.mixes.map((mix) => ({
    mix,
    target: trafficOn(type, find("mix of faults", mixes, mix), traffic, isPlain),
  }));
}

/** The first seed that shows anything; errors before all else, for they say that the suite itself is wrong. */
function counterexample(violations: readonly Violation[], mix: string | undefined): Counterexample | undefined {
  const errors = violations.filter(({ kind }) => kind === "error");
  const [first] = [...(errors.length > 0 ? errors : violations)].sort((a, b) => a.seed - b.seed);
  if (first === undefined) return undefined;
  const { seed, kind, name, anomaly, message } = first;
  return { mix, seed, kind, name, anomaly: anomaly ?? undefined, message };
}

function find<T extends { readonly id: string }>(what: string, among: readonly T[], id: string): T {
  const found = among.find((one) => one.id === id);
  if (found === undefined)
    throw new RangeError(`There is no ${what} "${id}": ${among.map((one) => one.id).join(", ")}.`);
  return found;
}
