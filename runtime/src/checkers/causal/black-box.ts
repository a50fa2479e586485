import type { Anomaly, HistoryEvent, HistoryOperation, Verdict } from "../../history/history.js";
import { list, phrase, seconds } from "../wording.js";
import { type MemoryPattern, memoryLimit, memoryPattern } from "./memory.js";
import { type BadPattern, badPattern, Causality, conflictCycle, readCycle } from "./patterns.js";
import { type Differentiated, isThinAir, type ThinAir, type Undecidable, type VariableEvent } from "./variables.js";

/** Beyond this many numbers in all vector clocks together the verdict is `unknown`. */
const clockLimit = 50_000_000;

/** Judges by values alone. */
export function judgeValues(read: Differentiated | Undecidable | ThinAir, model: "ccv" | "cm" | "cc"): Verdict {
  if (isThinAir(read)) return { outcome: "invalid", anomalies: [thinAir(read)] };
  if ("reason" in read) return { outcome: "unknown", reason: read.reason };
  const processes = new Set(read.events.map(({ source }) => source.process)).size;
  if (processes * read.events.length > clockLimit)
    return {
      outcome: "unknown",
      reason: `${read.events.length} events of ${processes} processes are more than causality is computed for.`,
    };
  const causality = new Causality(read);
  const further = { ccv: conflictCycle, cc: readCycle, cm: () => undefined }[model];
  const pattern = badPattern(causality) ?? further(causality);
  if (pattern !== undefined) return { outcome: "invalid", anomalies: [new Story(read).anomaly(pattern)] };
  if (model !== "cm") return { outcome: "valid" };
  if (read.events.length > memoryLimit)
    return {
      outcome: "unknown",
      reason: `Causal memory is judged up to ${memoryLimit} events; these are ${read.events.length}.`,
    };
  const broken = memoryPattern(causality);
  if (broken === undefined) return { outcome: "valid" };
  return { outcome: "invalid", anomalies: [new Story(read).anomaly(broken)] };
}

export function thinAir({ event, operation }: ThinAir): Anomaly {
  const message = `${event.region} ${phrase(operation.cell, operation.operation, operation.result)} at ${at(event)}, which nothing that was written accounts for.`;
  return { name: "dirty-read", message, events: [event.id] };
}

const at = ({ invokedUs, completedUs }: HistoryEvent): string => seconds(completedUs ?? invokedUs);

/** Puts patterns into a sentence each. */
export class Story {
  constructor(private readonly history: Differentiated) {}

  anomaly(pattern: BadPattern | MemoryPattern): Anomaly {
    switch (pattern.kind) {
      case "cyclic-co":
        return this.about(
          "causality-violation",
          pattern.events,
          (tell) => `${tell(pattern.events)}: each builds on the one before, and the first on the last.`,
        );
      case "write-co-init-read":
      case "write-co-read":
      case "write-hb-init-read":
        return this.missed(pattern);
      case "cyclic-cf": {
        const events = [...pattern.events, ...pattern.reads];
        return this.about(
          "causality-violation",
          events,
          (tell) => `${tell(events)}: no one order of the writes explains what all of them saw.`,
        );
      }
      case "cyclic-hb": {
        const events = [...pattern.events, ...pattern.reads];
        return this.about(
          "causality-violation",
          events,
          (tell) => `${tell(events)}: no order of the writes explains what this session read one after the other.`,
        );
      }
    }
  }

  private missed({
    read,
    reader,
    missed,
    ...pattern
  }: Extract<BadPattern | MemoryPattern, { missed: number }>): Anomaly {
    const shows = "reads" in pattern ? pattern.reads.filter((event) => event !== reader) : [];
    const how = this.relation(reader, missed);
    const events = [missed, ...how.events, ...shows, reader, ...(read.from === undefined ? [] : [read.from])];
    return this.about(how.name, events, (tell, one) => {
      if (how.name === "causality-violation" && shows.length > 0)
        return `${one(reader)}, and ${tell(shows)}: no order of the writes explains both, given that ${one(missed)}.`;
      const replaced = read.from === undefined ? "" : `, which came after ${one(read.from)}`;
      const others = shows.length === 0 ? "" : `, given that ${tell(shows)}`;
      return `${one(reader)}, although ${how.text(one)}${replaced}${others} (${words[how.name] ?? "causality"}).`;
    });
  }

  /** By which guarantee of sessions the reader should have seen what it missed. */
  private relation(reader: number, missed: number): Relation {
    const { events } = this.history;
    const session = (i: number) => (events[i] as VariableEvent).source.session;
    const earlier = this.sessionPast(reader);
    if (session(missed) === session(reader) && earlier.includes(missed))
      return { name: "read-your-writes", events: [], text: (one) => `earlier in the same session ${one(missed)}` };
    const saw = (i: number, writer: number) => (events[i] as VariableEvent).reads.some(({ from }) => from === writer);
    const shown = earlier.find((i) => saw(i, missed));
    if (shown !== undefined)
      return {
        name: "non-monotonic-read",
        events: [shown],
        text: (one) => `earlier in the same session ${one(shown)}, after ${one(missed)}`,
      };
    if (saw(reader, missed))
      return {
        name: "fractured-read",
        events: [],
        text: (one) => `it saw another part of the same transaction: ${one(missed)}`,
      };
    for (const i of [...earlier, reader])
      for (const { from } of (events[i] as VariableEvent).reads) {
        if (from === undefined) continue;
        const seen = i === reader ? [from] : [i, from];
        const past = this.sessionPast(from);
        if (past.includes(missed))
          return {
            name: "monotonic-writes",
            events: seen,
            text: (one) => `it had seen that ${one(from)}, before which that session had done this: ${one(missed)}`,
          };
        if ([...past, from].some((j) => saw(j, missed)))
          return {
            name: "writes-follow-reads",
            events: seen,
            text: (one) =>
              `it had seen that ${one(from)}, which that session did after it had seen that ${one(missed)}`,
          };
      }
    return {
      name: "causality-violation",
      events: [],
      text: (one) => `what it had seen came causally after this: ${one(missed)}`,
    };
  }

  private sessionPast(event: number): number[] {
    const past = new Set<number>();
    const open = [event];
    for (const next of open)
      for (const earlier of (this.history.events[next] as VariableEvent).before)
        if (!past.has(earlier)) {
          past.add(earlier);
          open.push(earlier);
        }
    return [...past].sort((a, b) => b - a);
  }

  private about(
    name: Anomaly["name"],
    involved: readonly number[],
    message: (tell: Tell, one: One) => string,
  ): Anomaly {
    const distinct = [...new Set(involved)].map((i) => (this.history.events[i] as VariableEvent).source);
    const one: One = (i) => this.text((this.history.events[i] as VariableEvent).source, distinct);
    const tell: Tell = (events) => list([...new Set(events)].map(one));
    return { name, message: message(tell, one), events: distinct.map(({ id }) => id).sort((a, b) => a - b) };
  }

  /** `nyc wrote 1 to x at 0.120 s`; the session too, where the region alone does not tell two apart. */
  private text(event: HistoryEvent, involved: readonly HistoryEvent[]): string {
    const { region, session, operations } = event;
    const isAlone = involved.every((other) => other.region !== region || other.session === session);
    const deeds = list(operations.map((operation) => this.deed(operation)));
    return `${isAlone ? region : `${region} (session ${session})`} ${deeds} at ${at(event)}`;
  }

  private deed({ cell, operation, result }: HistoryOperation): string {
    return phrase(this.history.cells.get(cell)?.label ?? cell, operation, result);
  }
}

type One = (event: number) => string;
type Tell = (events: readonly number[]) => string;

interface Relation {
  readonly name: Anomaly["name"];
  readonly events: readonly number[];
  readonly text: (one: One) => string;
}

const words: Readonly<Partial<Record<Anomaly["name"], string>>> = {
  "read-your-writes": "read your writes",
  "non-monotonic-read": "monotonic reads",
  "monotonic-writes": "monotonic writes",
  "writes-follow-reads": "writes follow reads",
  "fractured-read": "atomic visibility",
};
