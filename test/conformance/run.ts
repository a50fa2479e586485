// npm run conformance: puts every configuration of every mechanism to its workload under its faults, and says which levels
// hold. Exit code 0: as claimed; 1: a claim is broken; 2: wrong usage; 3: something was not shown or not decided.
import { parseArgs } from "node:util";
import { levels } from "../../runtime/src/levels.js";
import { describe, judge } from "./judgement.js";
import { runAll } from "./pool.js";
import { allTrials, writeRecording } from "./recording.js";
import { isToHold, type Result, type StoryTrial, type Trial } from "./trial.js";

const usage = `Usage: npm run conformance -- [options]
  --seed N         first seed; schedule i has seed N + i − 1 (default 1)
  --schedules n    schedules of each configuration, level and mix of faults (default 1000)
  --only id        this configuration or story alone; may be given several times
  --level l        this level alone
  --mix id         this mix of faults alone
  --write          write what is found to test/conformance/recording.jsonl, which docs/conformance.md is made of`;

const { seed, schedules, only, level, mix, write } = options();
const trials = allTrials.flatMap(chosen);
if (trials.length === 0) stop("No configuration or story is meant by that.");
console.log(`Trials: ${trials.length} · seed ${seed} · up to ${schedules} schedules each`);
const results = await runAll(
  trials.map((trial) => ({ trial, seed, schedules })),
  report,
);
if (write) writeRecording(results);
conclude(results);

function options() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: "string", default: "1" },
        schedules: { type: "string", default: "1000" },
        only: { type: "string", multiple: true, default: [] },
        level: { type: "string" },
        mix: { type: "string" },
        write: { type: "boolean", default: false },
      },
    });
    const known = [...new Set(allTrials.map(idOf))];
    const unknown = values.only.find((id) => !known.includes(id));
    if (unknown !== undefined) stop(`There is no "${unknown}": ${known.join(", ")}.`);
    if (values.level !== undefined && !levels.some((one) => one === values.level))
      stop(`There is no level "${values.level}": ${levels.join(", ")}.`);
    if (values.write && (values.level !== undefined || values.mix !== undefined))
      stop("--write records whole configurations: leave --level and --mix out.");
    return { ...values, seed: count("--seed", values.seed, 0), schedules: count("--schedules", values.schedules, 1) };
  } catch (error) {
    return stop((error as Error).message);
  }
}

function count(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) stop(`${option} ${text}: a whole number, ${least} or more.`);
  return value;
}

function stop(message: string): never {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
}

function chosen(trial: Trial | StoryTrial): readonly (Trial | StoryTrial)[] {
  if (only.length > 0 && !only.includes(idOf(trial))) return [];
  if ("story" in trial) return level === undefined && mix === undefined ? [trial] : [];
  if (level !== undefined && trial.level !== level) return [];
  if (mix === undefined) return [trial];
  return trial.mixes.includes(mix) ? [{ ...trial, mixes: [mix] }] : [];
}

function idOf(trial: Trial | StoryTrial): string {
  return "story" in trial ? trial.story : trial.configuration;
}

/** What is wrong is said at once; with few trials, everything. */
function report(result: Result, done: number): void {
  const judgement = judge(result);
  if (judgement !== "right" || trials.length <= 12)
    console.log(`${{ right: "✓", broken: "✗", gap: "?" }[judgement]} ${describe(result)}`);
  if (process.stdout.isTTY) process.stdout.write(`${done} of ${trials.length} trials done\r`);
}

function conclude(all: readonly Result[]): void {
  const judged = all.map((result) => ({ result, judgement: judge(result) }));
  const held = judged.filter(({ result, judgement }) => judgement === "right" && isToHold(result.trial));
  const ran = held.reduce((sum, { result }) => sum + result.schedules, 0);
  const shown = judged.filter(({ result, judgement }) => judgement === "right" && !isToHold(result.trial)).length;
  const [broken, gaps] = (["broken", "gap"] as const).map(
    (kind) => judged.filter((one) => one.judgement === kind).length,
  );
  console.log(
    `held ${held.length} on ${ran.toLocaleString("en-US")} schedules · counterexamples ${shown} · broken ${broken} · not shown or undecided ${gaps}`,
  );
  process.exitCode = broken !== 0 ? 1 : gaps !== 0 ? 3 : 0;
}
