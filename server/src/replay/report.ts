import { headline, renderRun, renderSchedule } from "../simulate/report.js";
import { exploreCommand, reproduceCommand } from "../simulate/reproduce.js";
import type { FinishedRun } from "../simulate/run-scenario.js";
import type { Style } from "../simulate/style.js";
import { wrap } from "../simulate/wrap.js";
import type { Fit } from "./fit.js";
import type { SavedTrace } from "./saved-trace.js";

/** One schedule that was run again; with what was saved of it, and how it fits that, if it was. */
export interface Replayed {
  readonly finished: FinishedRun;
  readonly saved?: { readonly trace: SavedTrace; readonly shown: string } | undefined;
  readonly fit?: Fit | undefined;
}

export function renderReplay(replayed: Replayed, style: Style, width: number): string {
  const { finished, fit } = replayed;
  if (fit?.kind === "parted") return renderParted(replayed, fit.at, style, width);
  const note = noteOf(replayed);
  return [
    ...(note === undefined ? [] : [...wrap(note, width), ""]),
    finished.run.outcome === "holds" ? renderHolding(finished, style, width) : renderRun(finished, style, width),
  ].join("\n");
}

function renderParted({ finished, saved }: Replayed, at: string, style: Style, width: number): string {
  const { run } = finished;
  const name = saved?.trace.violation?.name ?? finished.title ?? run.target;
  const command = exploreCommand(run.target, saved?.trace.choice ?? {});
  return [
    headline(style.doubtful(`? ${name}`), run.target, style, width),
    ...wrap(`This trace no longer fits the program: ${at}.`, width - 2).map((line) => `  ${line}`),
    "",
    `  ${style.bold("Do")}    explore again: ${style.link(command)}`,
    "",
  ].join("\n");
}

/** What a reader has to know before the story: that it is not quite the one that was saved. */
function noteOf({ fit, saved }: Replayed): string | undefined {
  if (fit === undefined || saved === undefined || fit.kind === "parted") return undefined;
  const { violation } = saved.trace;
  if (fit.kind === "differs") {
    const same = violation === null ? "It still holds." : `It still violates "${violation.name}".`;
    return `The program no longer does just what ${saved.shown} recorded: ${fit.at}. ${same}`;
  }
  if (fit.isJudgedAlike) return undefined;
  return violation === null
    ? `The program does just what ${saved.shown} recorded, which held then.`
    : `The program does just what ${saved.shown} recorded, and that no longer violates "${violation.name}".`;
}

function renderHolding(finished: FinishedRun, style: Style, width: number): string {
  const { run, title, traced } = finished;
  const [schedule] = traced;
  const everything = { name: "", racing: [], cells: [], domain: null };
  const story = schedule && renderSchedule(schedule, run.target, everything, style, width - 2);
  return [
    headline(style.good(`✓ ${title ?? run.target}`), run.target, style, width),
    `  holds in this schedule · seed ${run.seed}`,
    ...(story === undefined ? [] : ["", ...story.split("\n").map((line) => `  ${line}`)]),
    "",
    `  ${style.bold("Replay")}  ${style.link(reproduceCommand(finished, run.seed))}`,
    "",
  ].join("\n");
}
