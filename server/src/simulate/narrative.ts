import type {
  CallEvent,
  FaultEvent,
  MergeEvent,
  OperationEvent,
  Trace,
  TraceEvent,
  VerdictEvent,
} from "../../../runtime/src/simulation/trace.js";
import { callText, objectsOf, type Plot, timeOf } from "./story.js";
import { isDisturbed } from "./story-faults.js";
import { isSettled, messagesTo, noteText, unseenBy } from "./story-knowledge.js";
import { selectEvents } from "./story-selection.js";

/** A sentence of the story, with the events of the trace that it tells: their indices. */
export interface NarrativeSentence {
  readonly text: string;
  readonly atUs: number;
  readonly events: readonly number[];
}

interface Telling {
  readonly trace: Trace;
  readonly calls: ReadonlyMap<number, CallEvent>;
  readonly objects: ReadonlySet<string>;
  /** Number of the sentence that tells an operation, from 1. */
  readonly numbers: Map<number, number>;
  /** Calls that a sentence has named. */
  readonly named: Set<number>;
  readonly racing: readonly OperationEvent[];
  /** Regions of which several sessions are told. */
  readonly shared: ReadonlySet<string>;
  /** When the violation is there. */
  readonly untilUs: number;
}

type Told = Extract<TraceEvent, { kind: "operation" | "fault" | "merge" | "note" | "verdict" }>;

/** How much a person reads before the picture. */
const sentences = 14;

/** The events that tell how a violation came about, in order of time and in sentences. */
export function narrate(trace: Trace, plot: Plot): readonly NarrativeSentence[] {
  const chosen = selectEvents(trace, plot, sentences);
  const index = new Map<object, number>(trace.events.map((event, at) => [event, at]));
  const verdicts = verdictOf(trace, plot);
  const untilUs = verdicts[0]?.atUs ?? Number.POSITIVE_INFINITY;
  const told = [...chosen.operations, ...chosen.faults, ...chosen.merges, ...chosen.notes, ...verdicts];
  const momentOf = (event: Told): number => toldUs(event, untilUs);
  const ordered = withoutEndings(told)
    .filter((event) => momentOf(event) <= untilUs)
    .sort((a, b) => momentOf(a) - momentOf(b) || place(a) - place(b));
  const telling: Telling = {
    trace,
    calls: new Map(trace.events.flatMap((event) => (event.kind === "call" ? [[event.id, event]] : []))),
    objects: objectsOf(trace),
    numbers: new Map(),
    named: new Set(),
    racing: chosen.operations.filter(({ id }) => plot.racing.includes(id)),
    shared: sharedRegions(chosen.operations),
    untilUs,
  };
  return ordered.map((event, at) => {
    const text = sentenceOf(event, telling);
    if (event.kind === "operation") telling.numbers.set(event.id, at + 1);
    return { text, atUs: momentOf(event), events: [place(event)] };
  });

  function place(event: Told): number {
    return index.get(event) ?? -1;
  }
}

/** Where the name of the region does not say who it was. */
function sharedRegions(operations: readonly OperationEvent[]): ReadonlySet<string> {
  const sessions = new Map<string, Set<number>>();
  for (const { region, session } of operations) sessions.set(region, (sessions.get(region) ?? new Set()).add(session));
  return new Set([...sessions].flatMap(([region, ids]) => (ids.size > 1 ? [region] : [])));
}

/** The text's story may end with what a merge drops; sentences also say where that came to light. */
function verdictOf({ events }: Trace, { name }: Plot): readonly VerdictEvent[] {
  return events
    .filter((event): event is VerdictEvent => event.kind === "verdict" && !event.ok && event.name === name)
    .slice(0, 1);
}

/** Several faults that end at once are one heal. */
function withoutEndings(told: readonly Told[]): Told[] {
  const ends = new Set<number>();
  return told.filter((event) => {
    if (event.kind !== "fault" || event.phase !== "end") return true;
    const isFirst = !ends.has(event.atUs);
    ends.add(event.atUs);
    return isFirst;
  });
}

/** An operation is told when it took effect, or where that is after all that matters, when it began. */
function toldUs(event: Told, untilUs: number): number {
  return event.kind === "operation" && timeOf(event) <= untilUs ? timeOf(event) : event.atUs;
}

function sentenceOf(event: Told, telling: Telling): string {
  switch (event.kind) {
    case "operation":
      return operationSentence(event, telling);
    case "fault":
      return faultSentence(event);
    case "merge":
      return mergeSentence(event, telling);
    case "note":
      return `${event.region} ${noteText(telling.trace, event)}.`;
    case "verdict":
      return verdictSentence(event, telling);
  }
}

function operationSentence(operation: OperationEvent, telling: Telling): string {
  const { region, session, outcome, call, tookEffect } = operation;
  const who = telling.shared.has(region) ? `${region} (session ${session})` : region;
  const endUs = timeOf(operation);
  const until = endUs > telling.untilUs ? `; that takes until ${(endUs / 1_000_000).toFixed(3)} s` : "";
  return `${who} ${predicateOf(operation)}${purposeOf(call, telling)}${until}${unseenText(operation, telling)}${tookEffect === true ? "; no answer comes, but it has happened." : endings[outcome]}`;
}

/** What it did not know of, and why not, where a message tells. */
function unseenText(operation: OperationEvent, { numbers, racing, trace }: Telling): string {
  const unseen = unseenBy(operation, racing).filter((id) => numbers.has(id));
  if (unseen.length === 0) return "";
  const numbered = listed(unseen.map((id) => String(numbers.get(id))));
  return `, not knowing of ${numbered}${reasonText(operation, unseen, trace)}`;
}

function reasonText(operation: OperationEvent, unseen: readonly number[], trace: Trace): string {
  const untilUs = timeOf(operation);
  const before = messagesTo(trace, operation.region, unseen).filter(({ sentUs }) => sentUs <= untilUs);
  const them = unseen.length === 1 ? "it" : "them";
  if (before.some(({ deliveredUs }) => deliveredUs !== undefined && deliveredUs > untilUs))
    return `: the news of ${them} is still on the way`;
  if (before.length === 0 || before.some(({ deliveredUs }) => deliveredUs !== undefined)) return "";
  const faults = trace.events.filter((event): event is FaultEvent => event.kind === "fault");
  const isCutOff = before.every(({ sentUs }) => isDisturbed(faults, sentUs));
  return isCutOff
    ? `: the news of ${them} could not get through`
    : `: what would have told of ${them} was lost on the way`;
}

const endings: Readonly<Record<OperationEvent["outcome"], string>> = {
  ok: ".",
  fail: ", and is refused.",
  info: "; whether that happened stays unknown.",
  pending: "; no answer comes.",
};

/** The call is named where its first operation is told. */
function purposeOf(id: number | undefined, { calls, named, objects }: Telling): string {
  const call = id === undefined ? undefined : calls.get(id);
  if (call === undefined || named.has(call.id)) return "";
  named.add(call.id);
  return ` in \`${callText(call, objects)}\``;
}

/** `adds 1 to`, `changes … from 100 to 70`, `reads true from`. */
function predicateOf({ operation, cell, detail, outcome }: OperationEvent): string {
  const target = `\`${cell}\``;
  const isDone = outcome === "ok" || detail.includes("→") || /^[+−=]/.test(detail);
  if (!isDone) {
    const place = detail === "" ? undefined : places[operation];
    if (place !== undefined) return `wants to ${operation} ${detail} ${place} ${target}`;
    return `wants to ${operation} ${target}${detail === "" ? "" : ` (${detail})`}`;
  }
  const change = /^(?:(.*): )?(.*) → (.*)$/s.exec(detail);
  const found = /^(.*) = (.*)$/s.exec(detail);
  const value = detail.replace(/^[+−=→]\s*/, "");
  switch (operation) {
    case "read":
    case "entries":
    case "values":
      return `reads ${value} from ${target}`;
    case "write":
      return `writes ${change?.[3] ?? value} to ${target}`;
    case "update":
    case "compareAndSet":
      return change === null
        ? `${operation}s ${target} (${detail})`
        : `changes ${key(change[1])}${target} from ${change[2]} to ${change[3]}`;
    case "has":
    case "get":
      return found === null ? `asks ${target} for ${detail}` : lookedUp(operation, target, found);
    case "size":
      return `counts ${value} in ${target}`;
    case "put":
      return change === null ? `puts ${detail} into ${target}` : `sets ${change[2]} of ${target} to ${change[3]}`;
    case "increment":
      return `adds ${value} to ${target}`;
    case "decrement":
      return `takes ${value} from ${target}`;
    case "add":
      return `adds ${value} to ${target}`;
    case "append":
      return `appends ${value} to ${target}`;
    case "delete":
      return `deletes ${value} from ${target}`;
    default:
      return `asks ${target} for ${operation}${detail === "" ? "" : ` and gets ${value}`}`;
  }
}

/** `finds "fri" in`, `finds no "fri" in`, `reads 3 at "fri" of`. */
function lookedUp(operation: string, target: string, [, at, value]: RegExpExecArray): string {
  if (operation === "get") return `reads ${value} at ${at} of ${target}`;
  return `finds ${value === "true" ? "" : "no "}${at} in ${target}`;
}

/** Where it goes to, or comes from. */
const places: Readonly<Record<string, string>> = {
  write: "to",
  add: "to",
  append: "to",
  put: "into",
  delete: "from",
};

const key = (name: string | undefined): string => (name === undefined ? "" : `${name} of `);

const starts: Readonly<Record<string, (text: string) => string>> = {
  partition: (text) => `The network splits: ${text}.`,
  isolate: (text) => `The network splits: ${text}.`,
  isolateLeader: (text) => `The leader is cut off: ${text}.`,
  crash: (text) => `${text} crashes.`,
  pause: (text) => `${text} is paused: it does nothing, and does not know it.`,
  clockSkew: (text) => `The clock of ${text}.`,
  clockDrift: (text) => `The clock of ${text}.`,
  promote: (text) => `${text} is promoted by hand.`,
  heal: () => "The network heals.",
};

const ends: Readonly<Record<string, (text: string) => string>> = {
  crash: (text) => `${text} restarts.`,
  pause: (text) => `${text} goes on.`,
  clockSkew: () => "The clocks are right again.",
  clockDrift: () => "The clocks are right again.",
};

function faultSentence({ fault, phase, text }: FaultEvent): string {
  if (phase === "end") return ends[fault]?.(text) ?? "The network heals.";
  return starts[fault]?.(text) ?? `${fault}${text === "" ? "" : `: ${text}`}.`;
}

function mergeSentence({ region, cell, policy, kept, dropped }: MergeEvent, { numbers }: Telling): string {
  const named = ({ operation, value }: MergeEvent["kept"]): string => {
    const number = numbers.get(operation);
    return number === undefined ? value : `${value} (from ${number})`;
  };
  return `${region} now has both writes to \`${cell}\`: ${policy} keeps ${named(kept)} and drops ${named(dropped)}.`;
}

function verdictSentence(verdict: VerdictEvent, { trace }: Telling): string {
  const { name, region, text } = verdict;
  const healed = trace.events.some(({ kind }) => kind === "fault") ? "healed and settled" : "settled";
  const where = region === undefined ? "" : `In ${region}, `;
  const when = isSettled(trace, verdict) ? `All has ${healed}. ${where}` : where;
  return `${when}“${name}” ${text === "does not hold" ? text : `is checked: ${text}`}.`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
