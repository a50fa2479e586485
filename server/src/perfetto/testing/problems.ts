import { type PerfettoDocument, perfettoSchema, type SliceEvent, type Timed } from "../format.js";

/** What a viewer would show wrongly or not at all, in words; the viewers themselves say nothing. */
export function problemsIn(document: PerfettoDocument): readonly string[] {
  const parsed = perfettoSchema.safeParse(document);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  const timed = document.traceEvents.filter((event): event is Timed => event.ph !== "M");
  return [...disorder(timed), ...badNesting(timed), ...unmatched(timed), ...unbound(timed), ...nameless(document)];
}

function disorder(events: readonly Timed[]): readonly string[] {
  return events.flatMap((event, index) =>
    index > 0 && event.ts < (events[index - 1]?.ts ?? 0) ? [`${event.name} comes after a later event`] : [],
  );
}

/** "Complete events … must nest": the slices of one thread lie side by side or within each other. */
function badNesting(events: readonly Timed[]): readonly string[] {
  const open = new Map<string, SliceEvent[]>();
  return events.flatMap((event) => {
    if (event.ph !== "X") return [];
    const thread = `${event.pid}/${event.tid}`;
    const stack = open.get(thread) ?? [];
    open.set(thread, stack);
    while (stack.length > 0 && endOf(stack.at(-1)) <= event.ts) stack.pop();
    const around = stack.at(-1);
    stack.push(event);
    return around !== undefined && endOf(event) > endOf(around) ? [`${event.name} sticks out of ${around.name}`] : [];
  });
}

const endOf = (slice: SliceEvent | undefined): number => (slice === undefined ? 0 : slice.ts + slice.dur);

/** Begin and end, and both ends of an arrow, have name, category and id in common, and come once and in this order. */
function unmatched(events: readonly Timed[]): readonly string[] {
  const begun = new Map<string, number>();
  const problems: string[] = [];
  for (const event of events) {
    if (event.ph !== "b" && event.ph !== "e" && event.ph !== "s" && event.ph !== "f") continue;
    const isBegin = event.ph === "b" || event.ph === "s";
    const key = `${isBegin ? event.ph : event.ph === "e" ? "b" : "s"} ${event.cat} ${event.name} ${event.id}`;
    if (isBegin === begun.has(key)) problems.push(`${key} ${isBegin ? "begins twice" : "ends without a beginning"}`);
    if (isBegin) begun.set(key, event.ts);
    else begun.delete(key);
  }
  return [...problems, ...[...begun.keys()].map((key) => `${key} never ends`)];
}

/** With `"bp": "e"` an arrow's end belongs to the slice around it, of which there has to be one. */
function unbound(events: readonly Timed[]): readonly string[] {
  const slices = events.filter((event) => event.ph === "X");
  return events.flatMap((event) => {
    if (event.ph !== "s" && event.ph !== "f") return [];
    const around = slices.some(
      ({ pid, tid, ts, dur }) => pid === event.pid && tid === event.tid && ts <= event.ts && event.ts < ts + dur,
    );
    return around ? [] : [`${event.ph} ${event.name} at ${event.ts} has no slice around it`];
  });
}

function nameless({ traceEvents }: PerfettoDocument): readonly string[] {
  const named = new Set(traceEvents.flatMap((event) => (event.ph === "M" ? [`${event.pid}/${event.tid ?? ""}`] : [])));
  const tracks = new Set(traceEvents.flatMap((event) => ("tid" in event ? [`${event.pid}/${event.tid ?? ""}`] : [])));
  return [...tracks].filter((track) => !named.has(track)).map((track) => `track ${track} has no name`);
}
