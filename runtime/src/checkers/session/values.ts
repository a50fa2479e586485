import type { Anomaly, History, Verdict } from "../../history/history.js";
import { Story, thinAir } from "../causal/black-box.js";
import { topological } from "../causal/patterns.js";
import { type Differentiated, differentiate, isThinAir, type VariableEvent } from "../causal/variables.js";
import type { SessionGuarantee } from "./checker.js";

/** Beyond this many events pairs of them are too many to look at. */
const eventLimit = 5_000;

/** Judges by values alone, where each tells which event wrote it. */
export function judgeSessionValues(history: History, guarantees: readonly SessionGuarantee[]): Verdict {
  const read = differentiate(history);
  if (isThinAir(read)) return { outcome: "invalid", anomalies: [thinAir(read)] };
  if ("reason" in read) return { outcome: "unknown", reason: read.reason };
  if (read.events.length > eventLimit)
    return {
      outcome: "unknown",
      reason: `Sessions are judged by values up to ${eventLimit} events; these are ${read.events.length}.`,
    };
  const sessions = new Sessions(read);
  const anomalies = guarantees.flatMap((guarantee) => sessions.anomaly(guarantee) ?? []);
  return anomalies.length === 0 ? { outcome: "valid" } : { outcome: "invalid", anomalies };
}

const names: Readonly<Record<SessionGuarantee, Anomaly["name"]>> = {
  "read-your-writes": "read-your-writes",
  "monotonic-reads": "non-monotonic-read",
  "monotonic-writes": "monotonic-writes",
  "writes-follow-reads": "writes-follow-reads",
};

class Sessions {
  /** By event: those of its session that completed before it. */
  private readonly before: readonly (readonly number[])[];

  constructor(private readonly history: Differentiated) {
    const before: number[][] = [];
    for (const event of history.events) {
      const past = new Set(event.before);
      for (const direct of event.before) for (const earlier of before[direct] ?? []) past.add(earlier);
      before.push([...past]);
    }
    this.before = before;
  }

  /** What must not be missing has to be what a read shows, or be ordered before that: by all reads together. */
  anomaly(guarantee: SessionGuarantee): Anomaly | undefined {
    const { events } = this.history;
    const story = new Story(this.history);
    const earlier = events.map(() => new Map<number, number | undefined>());
    for (const [first, second] of this.ordered(guarantee)) earlier[second]?.set(first, undefined);
    for (const { index, reads } of events) {
      const required = this.required(index, guarantee);
      for (const read of reads)
        for (const writer of required) {
          if (writer === read.from || writer === index || !events[writer]?.writes.has(read.variable)) continue;
          if (read.from === undefined) {
            const missed = { kind: "write-co-init-read", read, reader: index, missed: writer } as const;
            return { ...story.anomaly(missed), name: names[guarantee] };
          }
          if (!earlier[read.from]?.has(writer)) earlier[read.from]?.set(writer, index);
        }
    }
    const { cycle } = topological(events.length, (i) => [...(earlier[i]?.keys() ?? [])]);
    if (cycle === undefined) return undefined;
    const shown = cycle.map((first, i) => earlier[cycle[(i + 1) % cycle.length] as number]?.get(first));
    const reads = [...new Set(shown.filter((reader) => reader !== undefined))];
    return { ...story.anomaly({ kind: "cyclic-cf", events: cycle, reads }), name: names[guarantee] };
  }

  /** The writes that an event must not miss. */
  private required(event: number, guarantee: SessionGuarantee): readonly number[] {
    if (guarantee === "read-your-writes") return this.pastOf(event);
    if (guarantee === "monotonic-reads") return this.readBefore(event);
    const known = [...this.readBefore(event), ...this.readIn(event)].filter((writer) => writer !== event);
    if (guarantee === "monotonic-writes") return known.flatMap((writer) => this.pastOf(writer));
    return known.flatMap((writer) => [...this.readBefore(writer), ...this.readIn(writer)]);
  }

  /** Pairs of writes of which the guarantee itself puts the first before the second. */
  private *ordered(guarantee: SessionGuarantee): Iterable<readonly [number, number]> {
    for (const { index, writes } of this.history.events) {
      if (writes.size === 0) continue;
      const past =
        guarantee === "monotonic-writes"
          ? this.pastOf(index)
          : guarantee === "writes-follow-reads"
            ? [...this.readBefore(index), ...this.readIn(index)]
            : [];
      for (const earlier of past) if (earlier !== index && this.event(earlier).writes.size > 0) yield [earlier, index];
    }
  }

  private pastOf(event: number): readonly number[] {
    return this.before[event] ?? [];
  }

  private readBefore(event: number): number[] {
    return this.pastOf(event).flatMap((earlier) => this.readIn(earlier));
  }

  private readIn(event: number): number[] {
    return this.event(event).reads.flatMap(({ from }) => from ?? []);
  }

  private event(index: number): VariableEvent {
    return this.history.events[index] as VariableEvent;
  }
}
