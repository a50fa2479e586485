import stringWidth from "string-width";
import type { Violation } from "../../../runtime/src/explore/report.js";
import { levels } from "../../../runtime/src/levels.js";
import { exhaustiveText } from "./exhaustive-text.js";
import { figuresTable } from "./figures-table.js";
import { operationsTable } from "./operations-table.js";
import { frequency, schedules } from "./reasons.js";
import { remedyLines } from "./remedy-text.js";
import { replayLines } from "./reproduce.js";
import type { FinishedRun } from "./run-scenario.js";
import { shrinkingText } from "./shrink-schedule.js";
import type { SimulateRun, SimulateViolation } from "./simulate.js";
import { type Plot, renderStory } from "./story.js";
import { inWords } from "./story-faults.js";
import type { Style } from "./style.js";
import { evidenceFor, type TracedSchedule } from "./trace-schedule.js";
import { wrap } from "./wrap.js";

/** All runs of a file; those whose turn never came as one. */
export function renderRuns(finished: readonly FinishedRun[], style: Style, width: number): string {
  const notBegun = finished.filter(({ isNotBegun }) => isNotBegun === true);
  const blocks = finished.filter((each) => !notBegun.includes(each)).map((each) => renderRun(each, style, width));
  if (notBegun.length > 0) blocks.push(renderNotBegun(notBegun, style, width));
  return blocks.join("\n");
}

function renderNotBegun(finished: readonly FinishedRun[], style: Style, width: number): string {
  const [first] = finished;
  const targets = finished.map(({ run }) => run.target).join(", ");
  return [
    style.bold(
      style.doubtful(`? ${finished.length === 1 ? "one target was" : `${finished.length} targets were`} not run`),
    ),
    ...wrap(targets, width - 2).map((line) => `  ${line}`),
    ...wrap(`unknown: ${first?.run.reason ?? ""}`, width - 2).map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** One run for people: what broke, in which schedule, why, and what to do; or what held. */
export function renderRun(finished: FinishedRun, style: Style, width: number): string {
  const { run } = finished;
  if (run.outcome === "holds") return renderHolding(finished, style, width);
  if (run.outcome === "unknown") return renderUnknown(finished, style, width);
  return run.violations.map((violation) => renderViolation(finished, violation, style, width)).join("\n");
}

function renderHolding(finished: FinishedRun, style: Style, width: number): string {
  const { run, title } = finished;
  return [
    headline(style.good(`✓ ${title ?? run.target}`), run.target, style, width),
    ...wrap(exhaustiveText(run) ?? `holds in ${schedules(run.schedules)}${faultsText(run)}`, width - 2).map(
      (line) => `  ${line}`,
    ),
    ...called(finished, width, style),
    "",
    ...operationsTable(run.operations).map((line) => `  ${line}`),
    ...measured(run),
    "",
  ].join("\n");
}

function renderUnknown(finished: FinishedRun, style: Style, width: number): string {
  const { run, title } = finished;
  return [
    headline(style.doubtful(`? ${title ?? run.target}`), run.target, style, width),
    ...wrap(`unknown: ${run.reason ?? "no reason is known."}`, width - 2).map((line) => `  ${line}`),
    ...[exhaustiveText(run) ?? []].flat().flatMap((text) => wrap(text, width - 2).map((line) => `  ${line}`)),
    // Where nothing was called the reason says why.
    ...(run.schedules === 0 ? [] : called(finished, width, style)),
    ...(run.operations.length === 0 ? [] : ["", ...operationsTable(run.operations).map((line) => `  ${line}`)]),
    ...measured(run),
    "",
  ].join("\n");
}

function renderViolation(finished: FinishedRun, violation: SimulateViolation, style: Style, width: number): string {
  const { run } = finished;
  const earlier = run.violations.slice(0, run.violations.indexOf(violation));
  const isFirst = earlier.length === 0;
  const told = earlier.flatMap((each) => evidenceFor(each, finished.traced)?.violation ?? []);
  const evidence = evidenceFor(violation, finished.traced);
  // Who looks at one schedule wants to see all that is wrong with it, each as small as it gets.
  const isShown = earlier.some((each) => evidenceFor(each, finished.traced)?.result === evidence?.result);
  const isTold = isFirst || (run.schedules === 1 && !isShown);
  const story = isTold ? storyOf(finished, violation, style, width - 2) : undefined;
  const detail = evidence?.violation;
  const isReplayed = earlier.some(({ seed }) => seed === violation.seed);
  const after = [
    ...whyOf(detail, isTold ? [] : told, width, style),
    ...whatToDo(violation, isTold ? [] : earlier, width, style),
    ...(isFirst ? called(finished, width, style) : []),
    ...(isReplayed ? [] : replayLines(finished, violation.seed, detail?.racing.length ?? 0, style)),
    ...(isFirst ? measured(run) : []),
  ];
  const isCutShort = run.schedules < finished.asked;
  const asked = isCutShort ? ` · stopped early, ${finished.asked.toLocaleString("en-US")} were asked for` : "";
  return [
    headline(style.bad(`✗ ${titleOf(violation)}`), run.target, style, width),
    ...wrap(
      exhaustiveText(run) ?? `${frequency(violation, run.schedules)}${shrinkingText(evidence?.result)}${asked}`,
      width - 2,
    ).map((line) => `  ${line}`),
    "",
    ...judgement(violation, detail?.reads ?? [], width),
    // A story shows where each operation is made, and not where an error was thrown.
    ...(story === undefined || violation.kind === "error" ? place(violation, style) : []),
    ...(story === undefined ? [] : ["", ...story.split("\n").map((line) => `  ${line}`)]),
    ...(after.length === 0 || after[0] === "" ? after : ["", ...after]),
    "",
  ].join("\n");
}

/** A level is a promise: it is its name that says what is not so. */
const titleOf = ({ kind, name }: SimulateViolation): string =>
  kind === "guarantee" && (levels as readonly string[]).includes(name) ? `not ${name}` : name;

/** Why, as far as it has not been said of an earlier violation of the same run. */
function whyOf(
  detail: Violation | undefined,
  told: readonly Violation[],
  width: number,
  style: Style,
): readonly string[] {
  let why = detail?.why ?? "";
  for (const earlier of told)
    if (earlier.why !== null) why = earlier.why.includes(why) ? "" : why.replace(earlier.why, "").trim();
  return why === "" ? [] : labelled("Why", why, width, style);
}

/** Nothing where an earlier violation of the same run says as much. */
function whatToDo(
  { remedies }: SimulateViolation,
  earlier: readonly SimulateViolation[],
  width: number,
  style: Style,
): readonly string[] {
  const textOf = (all: SimulateViolation["remedies"]) => all.map(({ text }) => text).join();
  const isKnown = earlier.some((each) => textOf(each.remedies) === textOf(remedies));
  return isKnown ? [] : remedyLines(remedies, style, width);
}

/** What a generated workload calls with what. */
const called = ({ calls = [] }: FinishedRun, width: number, style: Style): readonly string[] =>
  calls.flatMap((call, index) => labelled(index === 0 ? "Calls" : "", call, width, style));

const measured = ({ figures }: SimulateRun): readonly string[] => {
  const rows = figuresTable(figures);
  return rows.length === 0 ? [] : ["", ...rows.map((line) => `  ${line}`)];
};

/** The name on the left, the target on the right of it, or below where there is no room. */
export function headline(name: string, target: string, style: Style, width: number): string {
  const room = width - stringWidth(name) - stringWidth(target);
  if (name.includes(target)) return style.bold(name);
  if (room < 2) return `${style.bold(name)}\n  ${style.dim(target)}`;
  return `${style.bold(name)}${" ".repeat(Math.max(2, Math.min(room, 43 - stringWidth(name))))}${style.dim(target)}`;
}

function judgement(
  { expected, observed, message }: SimulateViolation,
  reads: readonly { readonly label: string; readonly value: string }[],
  width: number,
): readonly string[] {
  if (expected === null || observed === null) return wrap(message, width - 2).map((line) => `  ${line}`);
  const seen = readsText(reads, observed);
  const [first = "", ...more] = wrap(`${observed}${seen === "" ? "" : `   ${seen}`}`, width - 12);
  return [`  expected  ${expected}`, `  observed  ${first}`, ...more.map((line) => `            ${line}`)];
}

/** What was read, as a sum where it is one: then what is zero says nothing. */
export function readsText(
  reads: readonly { readonly label: string; readonly value: string }[],
  observed: string,
): string {
  const numbers = reads.map(({ value }) => Number(value));
  const isSum =
    reads.length > 1 && numbers.every(Number.isFinite) && numbers.reduce((a, b) => a + b, 0) === Number(observed);
  const told = isSum ? reads.filter(({ value }) => Number(value) !== 0) : reads;
  return told.map(({ label, value }) => `${label} ${value}`).join(isSum ? " + " : ", ");
}

function storyOf(
  { traced, run }: FinishedRun,
  violation: SimulateViolation,
  style: Style,
  width: number,
): string | undefined {
  const evidence = evidenceFor(violation, traced);
  if (evidence === undefined) return undefined;
  const { result, violation: detail } = evidence;
  return renderSchedule(result, run.target, detail, style, width);
}

/** The story of one traced schedule; undefined if nothing was called in it. */
export function renderSchedule(
  { trace, sourceOf }: TracedSchedule,
  target: string,
  plot: Plot,
  style: Style,
  width: number,
): string | undefined {
  if (!trace.events.some(({ kind }) => kind === "operation" || kind === "call")) return undefined;
  const own = target.replace(/#[^#]*$/, "");
  const story = renderStory(trace, plot, {
    style,
    width,
    lineOf: (site) => {
      const source = sourceOf(site);
      if (source === null) return undefined;
      return `${source.file === own ? "" : beside(own, source.file)}:${source.range.start.line}`;
    },
  });
  return story === "" ? undefined : story;
}

/** A file of the same folder by its name. */
function beside(own: string, file: string): string {
  const folder = own.slice(0, own.lastIndexOf("/") + 1);
  return file.startsWith(folder) ? file.slice(folder.length) : file;
}

function place({ location }: SimulateViolation, style: Style): readonly string[] {
  if (location === null) return [];
  const { file, range } = location;
  return [`  at  ${style.link(`${file}:${range.start.line}:${range.start.column}`)}`];
}

function labelled(label: string, text: string, width: number, style: Style): readonly string[] {
  return wrap(text, width - 8).map((line, index) => `  ${style.bold((index === 0 ? label : "").padEnd(6))}${line}`);
}

function faultsText({ faultsFired }: SimulateRun): string {
  const fired = Object.entries(faultsFired).map(([fault, count]) =>
    count === 0 ? `${inWords(fault)}, which never took effect` : `${count.toLocaleString("en-US")} × ${inWords(fault)}`,
  );
  return fired.length === 0 ? ", without faults" : `, with ${fired.join(", ")}`;
}
