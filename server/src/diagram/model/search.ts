import type { Schedule, ScheduleEvent } from "../input.js";
import { actorText, eventText } from "./wording.js";

/** Which events match a text; undefined where the text is empty and the question is none. */
export function matches(
  { events }: Schedule,
  text: string,
  objects: ReadonlySet<string>,
): ReadonlySet<number> | undefined {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return undefined;
  const found = new Set<number>();
  for (const [index, event] of events.entries()) {
    const said = searchText(event, objects);
    if (words.every((word) => said.includes(word))) found.add(index);
  }
  return found;
}

function searchText(event: ScheduleEvent, objects: ReadonlySet<string>): string {
  const level = event.kind === "operation" ? event.level : "";
  return `${event.kind} ${actorText(event)} ${eventText(event, objects)} ${level}`.toLowerCase();
}
