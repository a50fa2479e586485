import {
  endOf,
  type Gallery,
  type MessageEvent,
  type Picture,
  type Schedule,
  type ScheduleEvent,
  startOf,
} from "../input.js";
import { causeOf, violatedUs } from "../model/cause.js";
import { matches } from "../model/search.js";
import { States } from "../model/state.js";
import { objectOf, objectsOf } from "../model/wording.js";

/** What a person has chosen to see. */
export interface Choices {
  readonly picture: number;
  readonly onlyCause: boolean;
  readonly isFolded: boolean;
  readonly messages: boolean;
  /** Messages that serve no operation: heartbeats, elections, comparing what replicas have. */
  readonly upkeep: boolean;
  readonly hiddenRegions: ReadonlySet<string>;
  readonly query: string;
  readonly selected: number | undefined;
  readonly instantUs: number;
  /** Events of the sentence under the pointer. */
  readonly pointed: ReadonlySet<number>;
}

/** One picture with all that is computed of it once. */
export interface Subject {
  readonly picture: Picture;
  readonly schedule: Schedule;
  readonly objects: ReadonlySet<string>;
  /** Absent where nothing was violated: then there is no cause. */
  readonly cause: ReadonlySet<number> | undefined;
  readonly states: States;
  readonly racing: ReadonlySet<number>;
  readonly violationUs: number | undefined;
}

export function subjectOf({ pictures, schedules }: Gallery, index: number): Subject {
  const picture = pictures[index];
  const schedule = schedules[picture?.schedule ?? 0];
  if (picture === undefined || schedule === undefined) throw new RangeError(`There is no picture ${index}.`);
  const isViolated = picture.outcome === "violated";
  const cause = isViolated ? causeOf(schedule, picture) : undefined;
  const racing = new Set(picture.racing);
  return {
    picture,
    schedule,
    objects: objectsOf(schedule.events),
    cause: cause !== undefined && cause.size > 0 ? cause : undefined,
    states: new States(schedule, schedule.regions),
    racing: new Set(
      schedule.events.flatMap((event, at) => (event.kind === "operation" && racing.has(event.id) ? [at] : [])),
    ),
    violationUs: cause === undefined ? undefined : violatedUs(schedule, picture, cause),
  };
}

/** Indices of the events that are drawn and listed, in order of time. */
export function visibleOf({ schedule, cause }: Subject, choices: Choices): readonly number[] {
  const { onlyCause, messages, upkeep, hiddenRegions } = choices;
  return schedule.events.flatMap((event, index) => {
    if (onlyCause && cause !== undefined && !cause.has(index)) return [];
    if (event.kind === "message" && !(messages && (upkeep || cause?.has(index) || !isUpkeep(event)))) return [];
    return regionsOf(event).some((region) => hiddenRegions.has(region)) ? [] : [index];
  });
}

/** Only where it is recorded what messages serve can be told that one serves nothing. */
export function isUpkeep({ operations }: MessageEvent): boolean {
  return operations?.length === 0;
}

function regionsOf(event: ScheduleEvent): readonly string[] {
  if (event.kind === "message") return [event.from, event.to];
  return event.kind === "fault" || event.region === undefined ? [] : [event.region];
}

export function matchingOf({ schedule, objects }: Subject, { query }: Choices): ReadonlySet<number> | undefined {
  return matches(schedule, query, objects);
}

interface Step {
  readonly from: number | undefined;
  readonly by: 1 | -1;
  /** Only among events of the same object. */
  readonly sameObject: boolean;
  /** Only among these. */
  readonly among: ReadonlySet<number> | undefined;
}

/** The next of the visible events. */
export function stepped({ schedule }: Subject, visible: readonly number[], step: Step): number | undefined {
  const { from, by, sameObject, among } = step;
  const order = [...visible].sort((a, b) => momentOf(schedule, a) - momentOf(schedule, b) || a - b);
  const current = from === undefined ? undefined : schedule.events[from];
  const object = sameObject && current !== undefined ? objectOf(current) : undefined;
  const at = from === undefined ? (by === 1 ? -1 : order.length) : order.indexOf(from);
  for (let next = at + by; next >= 0 && next < order.length; next += by) {
    const index = order[next] as number;
    const event = schedule.events[index];
    if (event === undefined || (object !== undefined && objectOf(event) !== object)) continue;
    if (among === undefined || among.has(index)) return index;
  }
  return undefined;
}

/** Where an event is in the order of the list: a call when it begins, an operation when it took effect. */
export function momentOf({ events }: Schedule, index: number): number {
  const event = events[index];
  if (event === undefined) return 0;
  return event.kind === "operation" ? endOf(event) : startOf(event);
}
