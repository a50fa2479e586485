import { describeValue } from "../../data/values.js";
import type { Anomaly } from "../../history/history.js";
import type { Partition, PartitionEvent } from "../search/partition.js";
import { Teller } from "../search/teller.js";
import { type Dependencies, withObservers } from "./dependencies.js";
import type { Dependency } from "./dependency-graph.js";
import { reasonsFor } from "./implied-versions.js";
import type { Impossible } from "./impossible.js";

const reasons: Readonly<Record<Impossible["reason"], (value: string, label: string) => string>> = {
  refused: (value) => `${value} had been written only in an operation that failed`,
  unwritten: (value) => `nothing accounts for ${value}`,
  intermediate: (value) => `${value} was overwritten in the transaction that wrote it, so nobody else may see it`,
  own: (value, label) => `it had itself changed ${label} by then, which ${value} does not show`,
  changed: (value, label) => `within one transaction ${label} was something else before it was ${value}`,
  incompatible: (value, label) => `${value} is not the beginning of what others found in ${label}`,
};

/** A read that contradicts itself or what was ever written. */
export function explainImpossible({ name, cell, events, value, reason }: Impossible, partition: Partition): Anomaly {
  const members = events.map((event) => partition.events[event] as PartitionEvent);
  const tell = new Teller(partition.cells, members);
  const why = reasons[reason](describeValue(value), partition.cells[cell]?.label ?? "");
  return {
    name,
    message: `${members.map((event) => tell.timed(event)).join(", and ")}: ${why}.`,
    events: idsOf(members),
  };
}

/** Events each of which has to come before the next, and the last before the first. */
export function explainCycle(
  found: readonly Dependency[],
  { seenBy, graph }: Dependencies,
  partition: Partition,
): Anomaly {
  const cycle = withoutDetours(found, partition);
  const nodes = cycle.map(({ from }) => from);
  const members = withObservers([...nodes, ...cycle.flatMap((dependency) => reasonsFor(dependency, graph))], seenBy)
    .sort((a, b) => a - b)
    .map((event) => partition.events[event] as PartitionEvent);
  const tell = new Teller(partition.cells, members);
  const links = cycle.map((dependency) => link(dependency, partition, tell));
  const end = nodes.length === 2 ? "neither can come first" : "none of them can come first";
  const message = `${members.map((event) => tell.timed(event)).join(", and ")}: ${links.join(", and ")}, so ${end}.`;
  return { name: nameOf(cycle, partition), message, events: idsOf(members) };
}

function idsOf(events: readonly PartitionEvent[]): number[] {
  return events.map((event) => event.source.id);
}

/** What was over before something began that was over before a third began was over before that. */
function withoutDetours(cycle: readonly Dependency[], { events }: Partition): readonly Dependency[] {
  const first = cycle.findIndex(({ kind }) => kind !== "order");
  const short: Dependency[] = [];
  for (const next of [...cycle.slice(first), ...cycle.slice(0, first)]) {
    const last = short.at(-1);
    const from = events[last?.from ?? 0] as PartitionEvent;
    const to = events[next.to] as PartitionEvent;
    if (last?.kind === "order" && next.kind === "order" && from.completed < to.invoked) {
      short[short.length - 1] = { ...last, to: next.to };
    } else short.push(next);
  }
  return short;
}

function link(dependency: Dependency, { cells, events, order }: Partition, tell: Teller): string {
  const { from, to, kind, cell = 0, before, after } = dependency;
  const [earlier, later] = [events[from] as PartitionEvent, events[to] as PartitionEvent];
  const [a, b] = [tell.one(earlier), tell.one(later)];
  const label = cells[cell]?.label ?? "";
  const verb = cells[cell]?.type.name === "log" ? "appended" : "wrote";
  switch (kind) {
    case "order":
      return order === "session" ? `${b} came after ${a} in its session` : `${a} had ended before ${b} began`;
    case "wr":
      return `${b} saw the ${describeValue(before)} that ${a} ${verb} to ${label}`;
    case "ww":
      return `the ${describeValue(after)} that ${b} ${verb} to ${label} came after the ${describeValue(before)} that ${a} ${verb}`;
    case "rw":
      return `${a} did not see the ${describeValue(after)} that ${b} ${verb} to ${label}`;
  }
}

/** Adya's names, as people say them (Elle, §2). */
function nameOf(cycle: readonly Dependency[], { events }: Partition): Anomaly["name"] {
  const missed = cycle.filter(({ kind }) => kind === "rw").length;
  if (missed > 0 && isLostUpdate(cycle, events)) return "lost-update";
  if (cycle.some(({ isByOrder }) => isByOrder)) return missed < 2 ? "stale-read" : "anti-dependency-cycle";
  if (missed === 0) return cycle.every(({ kind }) => kind === "ww") ? "dirty-write" : "circular-information-flow";
  if (missed === 1) return "read-skew";
  if (cycle.length === 2) return "write-skew";
  return isLongFork(cycle) ? "long-fork" : "anti-dependency-cycle";
}

/** Both changed the cell, and at least one of them without having seen the other's change. */
function isLostUpdate(cycle: readonly Dependency[], events: readonly PartitionEvent[]): boolean {
  const [first] = cycle;
  return (
    cycle.length === 2 &&
    cycle.every(({ cell, from }) => {
      const { steps } = events[from] as PartitionEvent;
      return cell === first?.cell && steps.some((step) => step.cell === cell && !readNames.has(step.operation.name));
    })
  );
}

const readNames: ReadonlySet<string> = new Set(["read", "entries", "siblings"]);

/** Two readers, each of which has seen one write and missed the other. */
function isLongFork(cycle: readonly Dependency[]): boolean {
  const kinds = cycle.map(({ kind }) => kind).join(" ");
  return kinds === "wr rw wr rw" || kinds === "rw wr rw wr";
}
