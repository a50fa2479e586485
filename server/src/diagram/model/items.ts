import { type CallEvent, endOf, type OperationEvent, type ScheduleEvent, startOf } from "../input.js";
import type { FaultStretch } from "./faults.js";
import type { Lane } from "./lanes.js";
import type { Item, SceneOptions } from "./scene.js";
import type { Timescale } from "./timescale.js";
import { callText, faultText, operationText, outcomeSign } from "./wording.js";

interface Materials extends SceneOptions {
  readonly lanes: readonly Lane[];
  readonly faults: readonly FaultStretch[];
  readonly time: Timescale;
  readonly objects: ReadonlySet<string>;
}

type Draft = Pick<Item, "shape" | "lane" | "label"> & Partial<Pick<Item, "target" | "tier" | "mark">>;

/** What each visible event is drawn as, and in which lane. */
export function itemsOf(materials: Materials): readonly Item[] {
  const { schedule, picture, visible, time, measure, faults, untilUs } = materials;
  const draft = drafter(materials);
  const numbers = numbersOf(materials);
  const racing = new Set(picture.racing);
  const items: Item[] = [];
  const add = (index: number, startUs: number, endUs: number, drawn: Draft): void => {
    const { target = -1, tier = 0, ...rest } = drawn;
    const event = schedule.events[index];
    const mark = drawn.mark ?? numbers.get(index)?.toString() ?? "";
    const isRacing = event?.kind === "operation" && racing.has(event.id);
    const labelWidth = rest.label === "" ? 0 : measure(rest.label, rest.shape === "flag");
    items.push({
      event: index,
      target,
      tier,
      mark,
      isRacing,
      labelWidth,
      x0: time.x(startUs),
      x1: time.x(endUs),
      ...rest,
    });
  };
  for (const index of visible) {
    const event = schedule.events[index] as ScheduleEvent;
    const drawn = draft(event);
    if (drawn !== undefined && drawn.lane >= 0 && startOf(event) <= untilUs)
      add(index, startOf(event), endOf(event), drawn);
  }
  const network = materials.lanes.findIndex(({ kind }) => kind === "network");
  for (const stretch of faults)
    add(stretch.event, stretch.startUs, stretch.endUs, { shape: "fault", lane: network, label: faultText(stretch) });
  const ending = endingOf(materials);
  if (ending !== undefined && ending.atUs <= untilUs) {
    const mark = String(picture.story.length);
    const drawn = { shape: "flag", lane: network, label: `✗ ${picture.title}`, mark } as const;
    add(ending.event, ending.atUs, ending.atUs, drawn);
  }
  return items;
}

/** Where a violation came to light that no verdict tells: at the end of its story. */
export function endingOf({ schedule, picture }: Pick<SceneOptions, "schedule" | "picture">) {
  const last = picture.outcome === "violated" ? picture.story.at(-1) : undefined;
  const event = last?.events.at(-1);
  if (last === undefined || event === undefined) return undefined;
  const isTold = schedule.events.some((each) => each.kind === "verdict" && !each.ok && each.name === picture.title);
  return isTold ? undefined : { event, atUs: last.atUs };
}

/** The number of the sentence that tells an event; what races has one in any case, so that it can be spoken of. */
function numbersOf({ schedule, picture }: Materials): ReadonlyMap<number, number> {
  const numbers = new Map<number, number>();
  for (const [at, { events }] of picture.story.entries())
    for (const event of events) if (!numbers.has(event)) numbers.set(event, at + 1);
  let next = picture.story.length;
  for (const [index, event] of schedule.events.entries())
    if (event.kind === "operation" && picture.racing.includes(event.id) && !numbers.has(index))
      numbers.set(index, ++next);
  return numbers;
}

function drafter(materials: Materials): (event: ScheduleEvent) => Draft | undefined {
  const { schedule, lanes, objects } = materials;
  const sessions = new Map(lanes.map(({ session }, lane) => [session, lane]));
  const replicas = new Map(lanes.flatMap(({ kind, region }, lane) => (kind === "replica" ? [[region, lane]] : [])));
  const network = lanes.findIndex(({ kind }) => kind === "network");
  const calls = new Map(schedule.events.flatMap((event) => (event.kind === "call" ? [[event.id, event]] : [])));
  const marks = new Map<number, number>();
  for (const [index, number] of numbersOf(materials)) {
    const event = schedule.events[index];
    if (event?.kind === "operation") marks.set(event.id, number);
  }
  const held = new Map<string, string>();
  const replica = (region: string | undefined): number => replicas.get(region ?? "") ?? -1;
  const session = ({ session }: CallEvent | OperationEvent): number => sessions.get(session) ?? -1;
  /** A session has the lane of the region where it began; what it does elsewhere says so. */
  const placed = (event: CallEvent | OperationEvent, text: string, outer: number | undefined): string =>
    outer !== undefined || lanes[session(event)]?.region === event.region ? text : `${text} · in ${event.region}`;
  return (event) => {
    switch (event.kind) {
      case "call": {
        const label = placed(event, signed(callText(event, objects), event.outcome), event.parent);
        return { shape: "call", lane: session(event), tier: depthOf(event.parent, calls), label };
      }
      case "operation": {
        const unseen = (event.unseen ?? []).flatMap((id) => marks.get(id) ?? []);
        const text = placed(event, signed(operationText(event), event.outcome), event.call);
        const label = unseen.length === 0 ? text : `${text} · has not seen ${unseen.join(", ")}`;
        return { shape: "operation", lane: session(event), tier: depthOf(event.call, calls), label };
      }
      case "message": {
        const shape = event.deliveredUs === undefined ? "lost" : "message";
        return { shape, lane: replica(event.from), target: replica(event.to), label: event.text };
      }
      case "state": {
        // Which cell it is need not be said again and again.
        const isSame = held.get(event.region) === event.cell;
        held.set(event.region, event.cell);
        const label = isSame ? shortened(event.value) : `${event.cell} ${shortened(event.value)}`;
        return { shape: "state", lane: replica(event.region), label };
      }
      case "merge": {
        const label = `keeps ${named(event.kept, marks)}, drops ${named(event.dropped, marks)}`;
        return { shape: "merge", lane: replica(event.region), label };
      }
      case "note":
        return { shape: "note", lane: replica(event.region), label: event.text };
      case "verdict":
        return { shape: "flag", lane: network, label: `${event.ok ? "✓" : "✗"} ${event.name}: ${event.text}` };
      case "fault":
        return undefined;
    }
  };
}

const mostValue = 34;

function shortened(value: string): string {
  return value.length <= mostValue ? value : `${value.slice(0, mostValue / 2 - 1)} … ${value.slice(1 - mostValue / 2)}`;
}

function named(
  { operation, value }: { readonly operation: number; readonly value: string },
  marks: ReadonlyMap<number, number>,
): string {
  const mark = marks.get(operation);
  return mark === undefined ? shortened(value) : `${shortened(value)} (from ${mark})`;
}

function signed(text: string, outcome: CallEvent["outcome"]): string {
  const sign = outcomeSign(outcome);
  return sign === "" ? text : `${text} ${sign}`;
}

function depthOf(call: number | undefined, calls: ReadonlyMap<number, CallEvent>): number {
  let depth = 0;
  for (let id = call; id !== undefined; id = calls.get(id)?.parent) depth++;
  return depth;
}
