import { encodeValue } from "../../data/values.js";
import type { History } from "../../history/history.js";
import type { Partition, PartitionEvent } from "../search/partition.js";
import { DependencyGraph } from "./dependency-graph.js";
import type { Impossible } from "./impossible.js";
import { logDependencies } from "./log-dependencies.js";
import { type Action, type Observations, observe } from "./observations.js";
import { registerDependencies } from "./register-dependencies.js";

export interface Dependencies {
  readonly graph: DependencyGraph;
  /** Whether the event has happened: those that completed, and those whose writes were read. */
  readonly happened: readonly boolean[];
  /** Of an event that has not completed but has happened: the event that read what it wrote. */
  readonly seenBy: ReadonlyMap<number, number>;
  readonly observations: readonly Observations[];
}

/**
 * Which events must come before which, as the values tell that they read and wrote (Adya, Weak Consistency, 1999; Kingsbury
 * and Alvaro, Elle, VLDB 2020); or an event that contradicts itself.
 */
export function dependenciesOf(partition: Partition, history: History): Dependencies | Impossible {
  const observations = observe(partition, history);
  const { happened, seenBy } = happenedIn(partition.events, observations);
  const graph = new DependencyGraph(partition.events.length);
  for (const observed of observations) {
    const derive = observed.isLog ? logDependencies : registerDependencies;
    const impossible = derive(observed, happened, graph);
    if (impossible !== undefined) return { ...impossible, events: withObservers(impossible.events, seenBy) };
  }
  return { graph, happened, seenBy, observations };
}

/** With those that show that an event has happened although nobody knows how it ended. */
export function withObservers(events: readonly number[], seenBy: Dependencies["seenBy"]): number[] {
  const all = new Set(events);
  for (const event of all) {
    const observer = seenBy.get(event);
    if (observer !== undefined) all.add(observer);
  }
  return [...all];
}

/** What is read has been written, whatever became of its transaction. */
function happenedIn(
  events: readonly PartitionEvent[],
  observations: readonly Observations[],
): Pick<Dependencies, "happened" | "seenBy"> {
  const happened = events.map(({ required }) => required);
  const seenBy = new Map<number, number>();
  for (let known = -1; known < seenBy.size; ) {
    known = seenBy.size;
    for (const { accesses, writers, isLog } of observations) {
      for (const { event, actions } of accesses) {
        if (happened[event] !== true) continue;
        for (const value of actions.flatMap((action) => valuesRead(action, isLog))) {
          const writer = writers.get(encodeValue(value))?.event;
          if (writer === undefined || happened[writer] === true) continue;
          happened[writer] = true;
          seenBy.set(writer, event);
        }
      }
    }
  }
  return { happened, seenBy };
}

function valuesRead({ kind, value }: Action, isLog: boolean): readonly unknown[] {
  if (kind === "write") return [];
  return isLog ? (value as readonly unknown[]) : [value];
}

/**
 * Adds the partition's own order. Each event comes after those of its lane that had completed. Of these only the last ones need an edge: what had
 * completed before one of them began comes before that.
 */
export function addOrder(
  events: readonly PartitionEvent[],
  happened: readonly boolean[],
  graph: DependencyGraph,
): void {
  const ends: { readonly at: number; readonly event: number; readonly isEnd: boolean }[] = [];
  for (const [event, { invoked, completed }] of events.entries()) {
    if (happened[event] !== true) continue;
    ends.push({ at: invoked, event, isEnd: false });
    if (completed < Number.POSITIVE_INFINITY) ends.push({ at: completed, event, isEnd: true });
  }
  ends.sort((a, b) => a.at - b.at || Number(a.isEnd) - Number(b.isEnd));
  const latest: number[][] = [];
  for (const { event, isEnd } of ends) {
    const { lane, invoked } = events[event] as PartitionEvent;
    const completed = latest[lane] ?? [];
    latest[lane] = completed;
    if (!isEnd) {
      for (const before of completed)
        graph.add({ from: before, to: event, kind: "order", isByOrder: true, because: [] });
      continue;
    }
    const concurrent = completed.filter((other) => (events[other] as PartitionEvent).completed >= invoked);
    completed.splice(0, completed.length, ...concurrent, event);
  }
  addProcesses(events, happened, graph);
}

/** A process is sequential even where equal times do not show it. */
function addProcesses(events: readonly PartitionEvent[], happened: readonly boolean[], graph: DependencyGraph): void {
  const last = new Map<number, number>();
  for (const [event, { process, required }] of events.entries()) {
    if (process === undefined || happened[event] !== true) continue;
    const before = last.get(process);
    if (before !== undefined) graph.add({ from: before, to: event, kind: "order", isByOrder: true, because: [] });
    if (required) last.set(process, event);
  }
}
