import type { Trace } from "../../../runtime/src/simulation/trace.js";
import { Arrows } from "./arrows.js";
import { faultEvents } from "./faults.js";
import type { PerfettoDocument, PerfettoEvent, Timed } from "./format.js";
import { Replicas } from "./replicas.js";
import { Sessions } from "./sessions.js";
import { stateEvents } from "./states.js";
import type { PerfettoSubject } from "./subject.js";
import { processes, processNames, threadNames } from "./tracks.js";

/**
 * A schedule for ui.perfetto.dev and chrome://tracing: a track a session with its calls and operations, a track a replica
 * with what it received and sent, messages as arrows, faults, what replicas hold as counters where it is a number. Time 0
 * is that of the report, so what `setup` did, which lies before, is left out but for what it left behind.
 */
export function perfettoTrace(trace: Trace, subject: PerfettoSubject): PerfettoDocument {
  const endUs = endOf(trace);
  const arrows = new Arrows();
  const sessions = new Sessions(trace, subject, endUs, arrows);
  const replicas = new Replicas(trace, arrows);
  const whole: PerfettoEvent = {
    ph: "X",
    name: `schedule ${trace.seed}`,
    cat: "schedule",
    ...{ ts: 0, dur: endUs, pid: processes.schedule, tid: 1 },
    args: { target: subject.target, seed: trace.seed },
  };
  const timed: readonly Timed[] = [
    whole,
    ...sessions.slices,
    ...replicas.slices,
    ...faultEvents(trace, endUs),
    ...replicas.instants,
    ...stateEvents(trace),
    ...violationEvents(trace, subject, endUs),
    ...arrows.events,
  ];
  return {
    displayTimeUnit: "ms",
    otherData: { target: subject.target, seed: String(trace.seed), time: "virtual microseconds" },
    traceEvents: [
      ...processNames(),
      ...threadNames(processes.schedule, ["schedule"]),
      ...threadNames(processes.sessions, sessions.tracks),
      ...threadNames(processes.replicas, trace.regions),
      ...inOrder(timed),
    ],
  };
}

/** Of events at one instant the order stands: slices come before the arrows that end in them. */
function inOrder(events: readonly Timed[]): readonly Timed[] {
  return [...events].sort((a, b) => a.ts - b.ts || durationOf(b) - durationOf(a));
}

const durationOf = (event: Timed): number => (event.ph === "X" ? event.dur : -1);

function endOf({ events }: Trace): number {
  let endUs = 1;
  for (const event of events) {
    const times =
      event.kind === "message" ? [event.sentUs, event.deliveredUs] : [event.atUs, "endUs" in event ? event.endUs : 0];
    for (const timeUs of times) if (timeUs !== undefined && timeUs >= endUs) endUs = timeUs + 1;
  }
  return endUs;
}

/** Verdicts where they fell; a promise that broke is noticed at the end of a run, and shown where its last operation ends. */
function violationEvents({ events }: Trace, { violations }: PerfettoSubject, endUs: number): readonly Timed[] {
  const verdicts = events.filter((event) => event.kind === "verdict").filter(({ ok }) => !ok);
  const mark = (name: string, atUs: number, text: string): Timed => ({
    ...{ ph: "i", name: `✗ ${name}`, cat: "violation", ts: Math.max(0, Math.min(atUs, endUs)) },
    ...{ pid: processes.schedule, tid: 1, s: "g", args: { text } },
  });
  return [
    ...verdicts.map(({ name, atUs, text, region }) =>
      mark(name, atUs, region === undefined ? text : `${region}: ${text}`),
    ),
    ...violations
      .filter(({ name }) => !verdicts.some((verdict) => verdict.name === name))
      .map(({ name, message, racing }) => {
        const ends = events.flatMap((event) =>
          event.kind === "operation" && racing.includes(event.id) ? [event.endUs ?? event.atUs] : [],
        );
        return mark(name, ends.length === 0 ? endUs : Math.max(...ends), message);
      }),
  ];
}
