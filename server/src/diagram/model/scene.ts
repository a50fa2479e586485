import { endOf, type Picture, type Schedule, type ScheduleEvent, startOf } from "../input.js";
import { type FaultStretch, faultStretches } from "./faults.js";
import { endingOf, itemsOf } from "./items.js";
import { type Lane, lanesOf } from "./lanes.js";
import { placeRows } from "./rows.js";
import { type Timescale, timescale } from "./timescale.js";
import { objectsOf } from "./wording.js";

/** Something to draw for one event, or for one stretch of a fault. Horizontal places are before zooming. */
export interface Item {
  readonly event: number;
  readonly shape: "call" | "operation" | "message" | "lost" | "state" | "merge" | "note" | "flag" | "fault";
  readonly lane: number;
  /** Of a message: where it goes. */
  readonly target: number;
  readonly tier: number;
  readonly label: string;
  readonly labelWidth: number;
  /** The number of its sentence, by which the story speaks of it; none for most. */
  readonly mark: string;
  readonly isRacing: boolean;
  readonly x0: number;
  readonly x1: number;
}

export interface PlacedItem extends Item {
  readonly row: number;
  readonly y0: number;
  readonly y1: number;
  /** Where the label begins before zooming, from the item's start or its end; none where there is no room. */
  readonly labelAt: "inside" | "after" | "before" | "none";
  /** Before zooming: where the next in its row begins. */
  readonly roomUntil: number;
}

export interface PlacedLane extends Lane {
  readonly top: number;
  readonly height: number;
  /** Where its line is: a replica's messages begin and end there. */
  readonly axis: number;
  readonly isFirstOfRegion: boolean;
}

export interface Scene {
  readonly lanes: readonly PlacedLane[];
  readonly items: readonly PlacedItem[];
  readonly faults: readonly FaultStretch[];
  readonly time: Timescale;
  readonly height: number;
  /** When things begin and end, in order: where the slider stops. */
  readonly instants: readonly number[];
  /** So many that labels are shown only where they fit. */
  readonly isDense: boolean;
}

export interface SceneOptions {
  readonly schedule: Schedule;
  readonly picture: Picture;
  /** Indices of the events to draw, in order. */
  readonly visible: readonly number[];
  readonly width: number;
  readonly isFolded: boolean;
  /** What comes later is not drawn: of what began before, only that it goes on. */
  readonly untilUs: number;
  /** Width of a text in pixels. */
  readonly measure: (text: string, isStrong?: boolean) => number;
}

/** More than these, and labels no longer decide where things are. */
const denseFrom = 300;
/** Width of a character, on the safe side. */
const denseCharacter = 7;

export function sceneOf(options: SceneOptions): Scene {
  const { schedule, visible, width, isFolded, untilUs } = options;
  const isDense = visible.length > denseFrom;
  const lanes = lanesOf(schedule, visible, endingOf(options) !== undefined);
  const shown = visible.flatMap((index) => schedule.events[index] ?? []);
  const instants = instantsOf(shown).filter((us) => us <= untilUs);
  const time = timescale({ instants, width, isFolded });
  const last = instants.at(-1) ?? 0;
  const shownFaults = new Set(visible);
  const faults = faultStretches(schedule.events, schedule.regions, last).filter(
    ({ event, startUs }) => shownFaults.has(event) && startUs <= last,
  );
  // To measure a hundred thousand labels takes longer than to draw those that fit.
  const measure: SceneOptions["measure"] = (text, isStrong) =>
    isDense && isStrong !== true ? text.length * denseCharacter : options.measure(text, isStrong);
  const items = itemsOf({ ...options, measure, lanes, faults, time, objects: objectsOf(schedule.events) });
  return { ...placeRows(items, lanes, { isDense, width: time.width }), faults, time, instants, isDense };
}

function instantsOf(events: readonly ScheduleEvent[]): readonly number[] {
  const instants = new Set<number>();
  for (const event of events) {
    instants.add(startOf(event));
    instants.add(endOf(event));
  }
  return Float64Array.from(instants).sort() as unknown as readonly number[];
}
