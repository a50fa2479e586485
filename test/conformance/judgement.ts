import { isToHold, type Result, storyOf } from "./trial.js";

/** `broken`: a promise is. `gap`: what should show a counterexample shows none, or a checker could not decide. */
export type Judgement = "right" | "broken" | "gap";

export function judge(result: Result): Judgement {
  const { trial, found, undecided } = result;
  if (found?.kind === "error") return "broken";
  if (isToHold(trial)) return found !== undefined ? "broken" : undecided !== undefined ? "gap" : "right";
  const expected = "story" in trial ? storyOf(trial.story).anomaly : found?.anomaly;
  return found !== undefined && found.anomaly === expected ? "right" : "gap";
}

/** One line for people: what was asked, what came of it, and how to run it again. */
export function describe(result: Result): string {
  const { trial, schedules, found, undecided } = result;
  const name = "story" in trial ? `${trial.story}, ${trial.part}` : `${trial.configuration} at ${trial.level}`;
  if (found !== undefined)
    return `${name}: ${found.anomaly ?? found.kind}, seed ${found.seed}. ${found.message}\n    ${replayOf(result)}`;
  const where = "story" in trial ? "" : ` of ${trial.mixes.join(", ")}`;
  if (undecided !== undefined) return `${name}: could not be judged on ${schedules} schedules${where}: ${undecided}`;
  return `${name}: nothing found on ${schedules} schedules${where}`;
}

export function replayOf({ trial, found }: Result): string {
  const what =
    "story" in trial
      ? ["--only", trial.story]
      : [
          "--only",
          trial.configuration,
          "--level",
          trial.level,
          ...(found?.mix === undefined ? [] : ["--mix", `"${found.mix}"`]),
        ];
  return `npm run conformance -- ${[...what, "--seed", found?.seed ?? 1, "--schedules", 1].join(" ")}`;
}
