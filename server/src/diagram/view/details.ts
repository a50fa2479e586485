import { endOf, startOf } from "../input.js";
import { actorText, durationText, eventText, outcomeTexts, timeText } from "../model/wording.js";
import { element } from "./element.js";
import type { Subject } from "./model.js";

/** All that is known of the event that is selected. */
export class Details {
  readonly root = element("section", { class: "fl-details", "aria-live": "polite" });

  private shown: readonly [Subject, number | undefined] | undefined;

  show(subject: Subject, selected: number | undefined): void {
    // What is put in its place again is read out again.
    if (this.shown?.[0] === subject && this.shown[1] === selected) return;
    this.shown = [subject, selected];
    const facts = selected === undefined ? [] : factsOf(subject, selected);
    if (facts.length === 0) {
      this.root.replaceChildren(
        element("h2", {}, "Selected"),
        element("p", { class: "fl-muted" }, "Nothing yet. Click an event, or step through them with ← and →."),
      );
      return;
    }
    const list = facts.flatMap(([term, text]) => [element("dt", {}, term), element("dd", {}, text)]);
    this.root.replaceChildren(element("h2", {}, "Selected"), element("dl", {}, ...list));
  }
}

/** As text, for the clipboard. */
export function detailsText(subject: Subject, selected: number): string {
  return factsOf(subject, selected)
    .map(([term, text]) => `${term}: ${text}`)
    .join("\n");
}

function factsOf(subject: Subject, selected: number): readonly (readonly [string, string])[] {
  const { schedule, objects } = subject;
  const event = schedule.events[selected];
  if (event === undefined) return [];
  const [start, end] = [startOf(event), endOf(event)];
  const facts: [string, string][] = [
    ["what", eventText(event, objects)],
    ["where", event.kind === "message" ? `${event.from} → ${event.to}` : actorText(event)],
    ["when", end > start ? `${timeText(start)} – ${timeText(end)}, ${durationText(end - start)}` : timeText(start)],
  ];
  if (event.kind === "call" || event.kind === "operation") {
    facts.push(["outcome", outcomeTexts[event.outcome]]);
    if (event.error !== undefined) facts.push(["because", event.error]);
    if (event.source !== undefined) facts.push(["in", `${event.source.file}:${event.source.line}`]);
  }
  if (event.kind === "operation") {
    facts.push(["level", event.level]);
    const unseen = (event.unseen ?? []).flatMap((id) => {
      const other = schedule.events.find((each) => each.kind === "operation" && each.id === id);
      return other === undefined ? [] : [`${eventText(other, objects)} (${timeText(endOf(other))})`];
    });
    if (unseen.length > 0) facts.push(["not seen", unseen.join("; ")]);
  }
  if (event.kind === "message") facts.push(["of", event.domain]);
  return facts;
}
