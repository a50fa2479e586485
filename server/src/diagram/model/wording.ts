import type { CallEvent, EventOutcome, OperationEvent, ScheduleEvent } from "../input.js";

export function timeText(us: number, digits = 3): string {
  return `${us < 0 ? "−" : ""}${(Math.abs(us) / 1_000_000).toFixed(digits)} s`;
}

/** How many digits it takes that times which stand side by side do not read alike. */
export function digitsFor(times: readonly number[]): number {
  const areApart = (digits: number): boolean =>
    times.every((us, index) => index === 0 || timeText(us, digits) !== timeText(times[index - 1] as number, digits));
  return [3, 4, 5].find(areApart) ?? 6;
}

/** `1.9 s`, `250 ms`, `40 µs`. */
export function durationText(us: number): string {
  if (us >= 1_000_000) return `${round(us / 1_000_000)} s`;
  return us >= 1_000 ? `${round(us / 1_000)} ms` : `${round(us)} µs`;
}

const round = (value: number): string => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2))));

/** `transfer(alice → carol, 30)` where a call goes from one object to another, else `alice.pay(30)`. */
export function callText({ object, method, args }: CallEvent, objects: ReadonlySet<string>): string {
  const [first, ...rest] = args;
  if (first === undefined || !objects.has(first) || Number.isFinite(Number(first)))
    return `${object}.${method}(${args.join(", ")})`;
  return `${method}(${[`${object} → ${first}`, ...rest].join(", ")})`;
}

/** `carol.incoming 0 → 30`, `cart.items.read = [ ]`. */
export function operationText({ cell, operation, detail }: OperationEvent): string {
  if (detail === "") return `${cell} ${operation}`;
  return operation === "update" || operation === "write" || detail.startsWith("=")
    ? `${cell} ${detail}`
    : `${cell} ${operation} ${detail}`;
}

/** Faults whose text is a sentence about something. */
const faultTitles: Readonly<Record<string, string>> = { clockDrift: "clock", clockSkew: "clock" };

export function faultText({ fault, text }: { readonly fault: string; readonly text: string }): string {
  const title = faultTitles[fault] ?? fault;
  return text === "" ? title : `${title}: ${text}`;
}

export const outcomeTexts: Readonly<Record<EventOutcome, string>> = {
  ok: "done",
  fail: "refused",
  info: "indeterminate: it may have happened or may still happen",
  error: "threw an error",
  pending: "not answered",
};

const outcomeSigns: Readonly<Record<EventOutcome, string>> = { ok: "", fail: "✗", info: "?", error: "✗", pending: "…" };

/** Outcomes are told by a sign as well as by colour. */
export function outcomeSign(outcome: EventOutcome): string {
  return outcomeSigns[outcome];
}

/** What happened, in one line, for lists and readers of screens. */
export function eventText(event: ScheduleEvent, objects: ReadonlySet<string>): string {
  switch (event.kind) {
    case "call":
      return withOutcome(callText(event, objects), event.outcome);
    case "operation":
      return withOutcome(operationText(event), event.outcome);
    case "fault":
      return `${event.phase === "start" ? "" : "end of "}${faultText(event)}`;
    case "merge":
      return `${event.cell}: ${event.policy} keeps ${event.kept.value}, drops ${event.dropped.value}`;
    case "message":
      return `${event.text} to ${event.to}${event.deliveredUs === undefined ? ", lost" : ""}`;
    case "note":
      return event.text;
    case "state":
      return `${event.cell} is now ${event.value}`;
    case "verdict":
      return `${event.ok ? "✓" : "✗"} ${event.name}: ${event.text}`;
  }
}

function withOutcome(text: string, outcome: EventOutcome): string {
  return outcome === "ok" ? text : `${text}: ${outcome === "info" ? "indeterminate" : outcomeTexts[outcome]}`;
}

/** Who did it. */
export function actorText(event: ScheduleEvent): string {
  switch (event.kind) {
    case "call":
    case "operation":
      return event.region === "" ? `session ${event.session}` : `${event.region} · session ${event.session}`;
    case "message":
      return event.from;
    case "fault":
      return "network";
    case "verdict":
      return event.region ?? "check";
    default:
      return event.region ?? "";
  }
}

export function objectsOf(events: readonly ScheduleEvent[]): ReadonlySet<string> {
  const objects = new Set<string>();
  for (const event of events) {
    if (event.kind === "call") objects.add(event.object);
    if (event.kind === "operation") objects.add(objectOfCell(event.cell));
  }
  return objects;
}

export function objectOfCell(cell: string): string {
  const dot = cell.lastIndexOf(".");
  return dot === -1 ? cell : cell.slice(0, dot);
}

/** The replicated object that an event is about, by which `shift` walks. */
export function objectOf(event: ScheduleEvent): string | undefined {
  if (event.kind === "call") return event.object;
  return "cell" in event ? objectOfCell(event.cell) : undefined;
}
