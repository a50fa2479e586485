import { isAtLeast, type Level, levels } from "../../runtime/src/levels.js";
import { type Configuration, configurations } from "./configurations.js";
import { table, withGenerated } from "./generated.js";
import { judge } from "./judgement.js";
import { stories } from "./stories.js";
import type { Result, StoryTrial, Trial } from "./trial.js";

/** `docs/conformance.md`, its tables made anew from what a run found. */
export function conformancePage(page: string, recording: readonly Result[]): string {
  const ofStories = recording.filter((result): result is Result<StoryTrial> => "story" in result.trial);
  const ofLevels = recording.filter((result): result is Result<Trial> => "level" in result.trial);
  const parts: readonly (readonly [part: string, content: string])[] = [
    ["levels", levelTable(ofLevels)],
    ["misconfigurations", storyTable(ofStories)],
    ["faults", mixTable()],
    ["counterexamples", counterexampleTable(ofLevels)],
  ];
  return parts.reduce((text, [part, content]) => withGenerated(text, part, content), page);
}

const promising = levels.filter((level) => level !== "none");

function levelTable(results: readonly Result<Trial>[]): string {
  return table(
    ["configuration", "id", "claims", ...promising, "under"],
    configurations.map((configuration) => {
      const { id, provided, claims, mixes } = configuration;
      const own = results.filter(({ trial }) => trial.configuration === id);
      return [
        codeAndProviso(configuration, provided),
        id,
        claims,
        ...promising.map((level) =>
          verdict(
            own.filter(({ trial }) => trial.level === level),
            isAtLeast(claims, level),
          ),
        ),
        mixes.map((mix) => mix.id).join(", "),
      ];
    }),
  );
}

function codeAndProviso({ code }: Configuration, provided: string | undefined): string {
  return provided === undefined ? `\`${code}\`` : `\`${code}\`, ${provided}`;
}

/** What a level came to under all mixes of faults. */
function verdict(results: readonly Result<Trial>[], isClaimed: boolean): string {
  const [result] = [...results].sort((a, b) => Number(b.found !== undefined) - Number(a.found !== undefined));
  if (result === undefined) return "not run";
  const { found } = result;
  if (found !== undefined)
    return `${isClaimed ? "**✗ claimed, but** " : "✗ "}${found.anomaly ?? found.kind} · ${found.seed}`;
  const undecided = results.find((one) => one.undecided !== undefined);
  if (undecided !== undefined) return "? undecided";
  const schedules = count(results.reduce((sum, one) => sum + one.schedules, 0));
  return isClaimed ? `✓ ${schedules}` : `? not shown on ${schedules}`;
}

function storyTable(results: readonly Result<StoryTrial>[]): string {
  const of = (id: string, part: StoryTrial["part"]) =>
    results.find(({ trial }) => trial.story === id && trial.part === part);
  return table(
    ["misconfiguration", "id", "asked for", "shows · seed", "as it is told", "cure, on the same faults"],
    stories.map(({ id, title, level, wrong, cure }) => {
      const [shown, cured] = [of(id, "wrong"), of(id, "cure")];
      return [
        `${title}: \`${wrong.code}\``,
        id,
        level,
        shown?.found === undefined
          ? "? not shown"
          : `✗ ${shown.found.anomaly ?? shown.found.kind} · ${shown.found.seed}`,
        shown?.found?.message ?? "",
        `\`${cure.code}\` ${cured === undefined ? "not run" : verdictOf(cured)}`,
      ];
    }),
  );
}

function verdictOf(result: Result): string {
  return judge(result) === "right" ? `✓ ${count(result.schedules)}` : "✗";
}

function mixTable(): string {
  const mixes = new Map(
    configurations.flatMap((configuration) => configuration.mixes).map((mix) => [mix.description, mix]),
  );
  return table(
    ["faults", "are"],
    [...mixes.values()].map(({ id, description }) => [id, description]),
  );
}

function counterexampleTable(results: readonly Result<Trial>[]): string {
  const shown = results.flatMap(({ trial, found }) => (found === undefined ? [] : [{ trial, found }]));
  return table(
    ["id", "level", "faults", "seed", "what was seen"],
    shown.map(({ trial, found }) => [
      trial.configuration,
      trial.level satisfies Level,
      found.mix ?? "",
      String(found.seed),
      found.message,
    ]),
  );
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
