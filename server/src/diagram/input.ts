/**
 * What the diagram takes: plain JSON. A schedule has the shape of the simulator's trace; a history without a simulation
 * has sessions and operations, and neither regions nor messages. Times are microseconds.
 */
export interface Gallery {
  readonly version: 1;
  readonly schedules: readonly Schedule[];
  /** What is drawn of them: one at a time, by a list. */
  readonly pictures: readonly Picture[];
}

export interface Picture {
  /** Which of the schedules. */
  readonly schedule: number;
  readonly target: string;
  /** What broke, or what the schedule is. */
  readonly title: string;
  readonly outcome: "violated" | "holds" | "unknown";
  /** `violated in 3 of 1,000 schedules · seed 412` */
  readonly summary: string;
  readonly message?: string | undefined;
  readonly expected?: string | undefined;
  readonly observed?: string | undefined;
  /** What the judgement had read: `alice.balance 70 + bob.balance 80`. */
  readonly reads?: string | undefined;
  /** Ids of the operations that race, in the order of their marks: ① ②. */
  readonly racing: readonly number[];
  /** Labels of the cells that it is about; none: all. */
  readonly cells: readonly string[];
  readonly story: readonly Sentence[];
  readonly why?: string | undefined;
  readonly remedies: readonly string[];
  /** The command that shows the schedule again. */
  readonly replay?: string | undefined;
}

export interface Sentence {
  readonly text: string;
  readonly atUs: number;
  /** Indices of the schedule's events that it tells. */
  readonly events: readonly number[];
}

export interface Schedule {
  readonly regions: readonly string[];
  readonly sessions: readonly { readonly id: number; readonly region: string }[];
  /** What every replica holds of a cell until a `state` event says otherwise. */
  readonly cells?: readonly { readonly cell: string; readonly initial: string }[] | undefined;
  /** In order of time. */
  readonly events: readonly ScheduleEvent[];
}

export type ScheduleEvent =
  | CallEvent
  | OperationEvent
  | FaultEvent
  | MergeEvent
  | MessageEvent
  | NoteEvent
  | StateEvent
  | VerdictEvent;

export interface Source {
  readonly file: string;
  readonly line: number;
}

export type EventOutcome = "ok" | "fail" | "info" | "error" | "pending";

interface Activity {
  readonly id: number;
  readonly atUs: number;
  readonly endUs?: number | undefined;
  readonly session: number;
  readonly region: string;
  readonly setup?: boolean | undefined;
  readonly outcome: EventOutcome;
  readonly error?: string | undefined;
  readonly source?: Source | undefined;
}

export interface CallEvent extends Activity {
  readonly kind: "call";
  readonly parent?: number | undefined;
  readonly object: string;
  readonly method: string;
  readonly args: readonly string[];
}

export interface OperationEvent extends Activity {
  readonly kind: "operation";
  readonly call?: number | undefined;
  readonly cell: string;
  readonly level: string;
  readonly operation: string;
  readonly mutates: boolean;
  readonly detail: string;
  readonly unseen?: readonly number[] | undefined;
  readonly judging?: boolean | undefined;
  /** How replicas served it: `answeredAfter` is the id of the message whose arrival let one answer. */
  readonly requests?: readonly { readonly answeredAfter?: number | undefined }[] | undefined;
}

export interface FaultEvent {
  readonly kind: "fault";
  readonly atUs: number;
  readonly fault: string;
  readonly phase: "start" | "end";
  readonly text: string;
}

export interface MergeEvent {
  readonly kind: "merge";
  readonly atUs: number;
  readonly region: string;
  readonly cell: string;
  readonly policy: string;
  readonly kept: { readonly operation: number; readonly value: string };
  readonly dropped: { readonly operation: number; readonly value: string };
}

export interface MessageEvent {
  readonly kind: "message";
  readonly id?: number | undefined;
  readonly sentUs: number;
  /** Absent when it was dropped. */
  readonly deliveredUs?: number | undefined;
  readonly from: string;
  readonly to: string;
  readonly domain: string;
  readonly text: string;
  /** The id of the message whose arrival made the sender send it. */
  readonly after?: number | undefined;
  /** Ids of the operations that it serves. */
  readonly operations?: readonly number[] | undefined;
}

export interface NoteEvent {
  readonly kind: "note";
  readonly atUs: number;
  readonly region: string;
  readonly text: string;
}

export interface StateEvent {
  readonly kind: "state";
  readonly atUs: number;
  readonly region: string;
  readonly cell: string;
  readonly value: string;
}

export interface VerdictEvent {
  readonly kind: "verdict";
  readonly atUs: number;
  readonly name: string;
  readonly region?: string | undefined;
  readonly ok: boolean;
  readonly text: string;
}

export function startOf(event: ScheduleEvent): number {
  return event.kind === "message" ? event.sentUs : event.atUs;
}

export function endOf(event: ScheduleEvent): number {
  if (event.kind === "message") return event.deliveredUs ?? event.sentUs;
  return event.kind === "call" || event.kind === "operation" ? (event.endUs ?? event.atUs) : event.atUs;
}
