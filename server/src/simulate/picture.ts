import type { Violation } from "../../../runtime/src/explore/report.js";
import type { Trace } from "../../../runtime/src/simulation/trace.js";
import type { Gallery, Picture, Schedule, ScheduleEvent } from "../diagram/input.js";
import { narrate } from "./narrative.js";
import { frequency, schedules } from "./reasons.js";
import { remedyText, worthTelling } from "./remedy-text.js";
import { readsText } from "./report.js";
import { reproduceCommand } from "./reproduce.js";
import type { FinishedRun } from "./run-scenario.js";
import { shrinkingText } from "./shrink-schedule.js";
import type { SimulateViolation } from "./simulate.js";
import { evidenceFor } from "./trace-schedule.js";

const order: readonly Picture["outcome"][] = ["violated", "unknown", "holds"];

type Evidence = FinishedRun["traced"][number];

interface ViolationEvidence {
  readonly result: Evidence;
  readonly violation: Violation;
}

/** Everything that the runs violated as pictures, each with the schedule that shows it; what held is said in words. */
export function galleryOf(finished: readonly FinishedRun[]): Gallery {
  const traced = finished.flatMap((run) => run.traced);
  const places = new Map(traced.map((evidence, index) => [evidence, index]));
  const pictures = finished.flatMap((run): Picture[] => {
    const [first] = run.traced;
    if (run.run.violations.length === 0) return [quietPicture(run, (first && places.get(first)) ?? traced.length)];
    return run.run.violations.map((violation) => {
      const evidence = evidenceFor(violation, run.traced);
      const schedule = (evidence && places.get(evidence.result)) ?? traced.length;
      return violatedPicture(run, violation, schedule, evidence);
    });
  });
  const nothing: Schedule = { regions: [], sessions: [], events: [] };
  // What is wrong is what a person came for.
  pictures.sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  return { version: 1, schedules: [...traced.map(scheduleOf), nothing], pictures };
}

function violatedPicture(
  finished: FinishedRun,
  violation: SimulateViolation,
  schedule: number,
  evidence: ViolationEvidence | undefined,
): Picture {
  const { run } = finished;
  const { name, message, expected, observed } = violation;
  const detail = evidence?.violation;
  const often = frequency(violation, run.schedules);
  const story = evidence === undefined ? [] : storyOf(evidence.result, evidence.violation, message);
  const numbered = (text: string): string => withNumbers(text, evidence, story);
  const shrunk = shrinkingText(evidence?.result);
  return {
    ...{ schedule, message, target: run.target, title: name, outcome: "violated", summary: `${often}${shrunk}` },
    ...(expected === null || observed === null ? {} : { expected, observed }),
    ...(detail === undefined || observed === null ? {} : { reads: readsText(detail.reads, observed) }),
    racing: detail?.racing ?? [],
    cells: detail?.cells ?? [],
    story,
    ...(detail?.why == null ? {} : { why: numbered(detail.why) }),
    remedies: worthTelling(violation.remedies).map((remedy) => numbered(remedyText(remedy))),
    replay: reproduceCommand(finished, violation.seed),
  };
}

/** Texts speak of what races as ① and ②; here the same operation has the number of its sentence. */
function withNumbers(text: string, evidence: ViolationEvidence | undefined, story: Picture["story"]): string {
  return text.replaceAll(/[①-⑳]/gu, (mark) => {
    const id = evidence?.violation.racing[(mark.codePointAt(0) ?? 0) - 0x2460];
    const told = story.findIndex(({ events }) =>
      events.some((index) => {
        const event = evidence?.result.trace.events[index];
        return event?.kind === "operation" && event.id === id;
      }),
    );
    return told === -1 ? mark : `(${told + 1})`;
  });
}

/** Where no verdict ends the story, the violation's own message does. */
function storyOf({ trace }: Evidence, violation: Violation, message: string): Picture["story"] {
  const story = narrate(trace, violation);
  const isTold = story.some(({ events }) => events.some((index) => trace.events[index]?.kind === "verdict"));
  if (isTold) return story;
  const events = trace.events.flatMap((event, index) =>
    event.kind === "operation" && violation.racing.includes(event.id) ? [index] : [],
  );
  const last = story.at(-1);
  return [...story, { text: message, atUs: last?.atUs ?? 0, events: events.slice(-1) }];
}

function quietPicture({ run, title }: FinishedRun, schedule: number): Picture {
  const isHolding = run.outcome === "holds";
  return {
    ...{ schedule, target: run.target, title: title ?? run.target, outcome: isHolding ? "holds" : "unknown" },
    summary: isHolding ? `holds in ${schedules(run.schedules)}` : "unknown",
    ...(run.reason === null ? {} : { message: run.reason }),
    ...{ racing: [], cells: [], story: [], remedies: [] },
  };
}

/** The trace with places in the user's sources. */
function scheduleOf({ trace, sourceOf }: Evidence): Schedule {
  const { regions, sessions, cells } = trace;
  return { regions, sessions, cells, events: trace.events.map(eventOf) };

  function eventOf(event: Trace["events"][number]): ScheduleEvent {
    if (event.kind !== "call" && event.kind !== "operation") return event;
    const { site, ...rest } = event;
    const source = site === undefined ? null : sourceOf(site);
    return source === null ? rest : { ...rest, source: { file: source.file, line: source.range.start.line } };
  }
}
