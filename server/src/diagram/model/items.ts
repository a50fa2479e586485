import { type CallEvent, endOf, type OperationEvent, type ScheduleEvent, startOf } from "../input.js";
import type { FaultStretch } from "./faults.js";
import type { Lane } from "./lanes.js";
import type { Item, SceneOptions } from "./scene.js";
import type { Timescale } from "./timescale.js";
import { callText, markOf, operationText, outcomeSign } from "./wording.js";

interface Materials extends SceneOptions {
  readonly lanes: readonly Lane[];
  readonly faults: readonly FaultStretch[];
  readonly time: Timescale;
  readonly objects: ReadonlySet<string>;
}

type Draft = Pick<Item, "shape" | "lane" | "label"> & Partial<Pick<Item, "target" | "tier" | "mark">>;

/** What each visible event is drawn as, and in which lane. */
export function itemsOf(materials: Materials): readonly Item[] {
  const { schedule, visible, time, measure, faults } = materials;
  const draft = drafter(materials);
  const items: Item[] = [];
  const add = (event: number, startUs: number, endUs: number, drawn: Draft): void => {
    const { target = -1, tier = 0, mark = "", ...rest } = drawn;
    const labelWidth = rest.label === "" ? 0 : measure(rest.label);
    items.push({ event, target, tier, mark, labelWidth, x0: time.x(startUs), x1: time.x(endUs), ...rest });
  };
  for (const index of visible) {
    const event = schedule.events[index] as ScheduleEvent;
    const drawn = draft(event);
    if (drawn !== undefined && drawn.lane >= 0) add(index, startOf(event), endOf(event), drawn);
  }
  const network = materials.lanes.findIndex(({ kind }) => kind === "network");
  for (const { event, startUs, endUs, fault, text } of faults)
    add(event, startUs, endUs, { shape: "fault", lane: network, label: text === "" ? fault : `${fault}: ${text}` });
  return items;
}

function drafter({ schedule, picture, lanes, objects }: Materials): (event: ScheduleEvent) => Draft | undefined {
  const sessions = new Map(lanes.map(({ session }, lane) => [session, lane]));
  const replicas = new Map(lanes.flatMap(({ kind, region }, lane) => (kind === "replica" ? [[region, lane]] : [])));
  const marks = new Map(picture.racing.map((id, index) => [id, markOf(index)]));
  const calls = new Map(schedule.events.flatMap((event) => (event.kind === "call" ? [[event.id, event]] : [])));
  const replica = (region: string | undefined): number => replicas.get(region ?? "") ?? -1;
  const session = ({ session }: CallEvent | OperationEvent): number => sessions.get(session) ?? -1;
  return (event) => {
    switch (event.kind) {
      case "call": {
        const label = signed(callText(event, objects), event.outcome);
        return { shape: "call", lane: session(event), tier: depthOf(event.parent, calls), label };
      }
      case "operation": {
        const mark = marks.get(event.id) ?? "";
        const unseen = (event.unseen ?? []).flatMap((id) => marks.get(id) ?? []).join("");
        const label = signed(operationText(event), event.outcome) + (unseen === "" ? "" : `  has not seen ${unseen}`);
        return { shape: "operation", lane: session(event), tier: depthOf(event.call, calls), label, mark };
      }
      case "message":
        return { shape: "message", lane: replica(event.from), target: replica(event.to), label: event.text };
      case "state":
        return { shape: "state", lane: replica(event.region), label: `${event.cell} ${event.value}` };
      case "merge": {
        const label = `keeps ${named(event.kept, marks)}, drops ${named(event.dropped, marks)}`;
        return { shape: "merge", lane: replica(event.region), label };
      }
      case "note":
        return { shape: "note", lane: replica(event.region), label: event.text };
      case "verdict": {
        const label = `${event.ok ? "✓" : "✗"} ${event.name}: ${event.text}`;
        return { shape: "flag", lane: lanes.findIndex(({ kind }) => kind === "network"), label };
      }
      case "fault":
        return undefined;
    }
  };
}

function named(
  { operation, value }: { readonly operation: number; readonly value: string },
  marks: ReadonlyMap<number, string>,
): string {
  const mark = marks.get(operation);
  return mark === undefined ? value : `${mark} ${value}`;
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
