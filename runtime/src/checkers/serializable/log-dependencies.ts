import { encodeValue } from "../../data/values.js";
import type { DependencyGraph } from "./dependency-graph.js";
import type { Impossible } from "./impossible.js";
import type { Access, Observations, Writer } from "./observations.js";

/** What an event found in the log before it appended to it itself. */
interface Reading {
  readonly event: number;
  readonly entries: readonly unknown[];
  readonly texts: readonly string[];
}

/**
 * A list shows the order of its versions: every read has to be the beginning of the longest one, and that tells who
 * came after whom (Elle, §3: list-append).
 */
export function logDependencies(
  observed: Observations,
  happened: readonly boolean[],
  graph: DependencyGraph,
): Impossible | undefined {
  const readings: Reading[] = [];
  for (const access of observed.accesses) {
    if (happened[access.event] !== true) continue;
    for (const reading of readingsOf(access)) {
      if ("reason" in reading) return { ...reading, cell: observed.cell };
      const impossible = strangeEntry(reading, observed);
      if (impossible !== undefined) return impossible;
      readings.push(reading);
    }
  }
  const longest = readings.reduce<Reading | undefined>(
    (best, reading) => (best === undefined || reading.texts.length > best.texts.length ? reading : best),
    undefined,
  );
  if (longest === undefined) return undefined;
  for (const reading of readings) {
    const impossible = incompatible(reading, longest, observed);
    if (impossible !== undefined) return impossible;
  }
  addVersions(longest, observed, happened, graph);
  for (const reading of readings) addReading(reading, longest, observed, happened, graph);
  return undefined;
}

function readingsOf({ event, actions }: Access): (Reading | Omit<Impossible, "cell">)[] {
  const own: string[] = [];
  const readings: (Reading | Omit<Impossible, "cell">)[] = [];
  let first: string | undefined;
  for (const { kind, value } of actions) {
    if (kind === "write") {
      own.push(encodeValue(value));
      continue;
    }
    const all = (value as readonly unknown[]).map(encodeValue);
    const count = all.length - own.length;
    if (count < 0 || own.some((text, i) => all[count + i] !== text))
      return [{ name: "read-your-writes", events: [event], value, reason: "own" }];
    const texts = all.slice(0, count);
    const text = texts.join();
    if (first !== undefined && first !== text)
      return [{ name: "read-skew", events: [event], value, reason: "changed" }];
    first = text;
    readings.push({ event, entries: (value as readonly unknown[]).slice(0, count), texts });
  }
  return readings;
}

function strangeEntry({ event, entries, texts }: Reading, observed: Observations): Impossible | undefined {
  const { cell, writers, refused } = observed;
  const initial = initialTexts(observed);
  const isWhole = initial.every((text, i) => texts[i] === text) && new Set(texts).size === texts.length;
  for (const [i, text] of texts.entries()) {
    if (i < initial.length && isWhole) continue;
    const value = entries[i];
    const writer = writers.get(text);
    if (writer === undefined && refused.has(text))
      return { name: "aborted-read", cell, events: [event], value, reason: "refused" };
    if (writer === undefined || writer.event === event || !isWhole)
      return { name: "dirty-read", cell, events: [event], value: entries, reason: "unwritten" };
  }
  if (!isWhole) return { name: "dirty-read", cell, events: [event], value: entries, reason: "unwritten" };
  const last = texts.length === initial.length ? undefined : writers.get(texts.at(-1) as string);
  if (last?.isLast === false)
    return { name: "intermediate-read", cell, events: [event, last.event], value: last.value, reason: "intermediate" };
  return undefined;
}

function initialTexts({ initial }: Observations): readonly string[] {
  return (initial as readonly unknown[]).map(encodeValue);
}

function incompatible(reading: Reading, longest: Reading, { cell }: Observations): Impossible | undefined {
  if (reading.texts.every((text, i) => text === longest.texts[i])) return undefined;
  const events = [longest.event, reading.event];
  return { name: "long-fork", cell, events, value: reading.entries, reason: "incompatible" };
}

/** Who appended next to whom, as the longest reading shows, and after it all that this has not seen. */
function addVersions(
  longest: Reading,
  observed: Observations,
  happened: readonly boolean[],
  graph: DependencyGraph,
): void {
  const { cell, writers } = observed;
  const because = [longest.event];
  for (const [i, text] of longest.texts.entries()) {
    const before = writers.get(longest.texts[i - 1] ?? "");
    const writer = writers.get(text);
    if (before === undefined || writer === undefined) continue;
    const { value } = before;
    graph.add({
      from: before.event,
      to: writer.event,
      kind: "ww",
      cell,
      isByOrder: false,
      before: value,
      after: writer.value,
      because,
    });
  }
  const last = writers.get(longest.texts.at(-1) ?? "");
  if (last === undefined) return;
  for (const { event, value } of unseen(longest, observed, happened))
    graph.add({
      from: last.event,
      to: event,
      kind: "ww",
      cell,
      isByOrder: false,
      before: last.value,
      after: value,
      because,
    });
}

function addReading(
  reading: Reading,
  longest: Reading,
  observed: Observations,
  happened: readonly boolean[],
  graph: DependencyGraph,
): void {
  const { cell, writers } = observed;
  const { event, texts, entries } = reading;
  const last = writers.get(texts.at(-1) ?? "");
  if (last !== undefined)
    graph.add({ from: last.event, to: event, kind: "wr", cell, isByOrder: false, before: last.value, because: [] });
  const next = longest.texts[texts.length];
  const because = [longest.event];
  const followers = next === undefined ? unseen(longest, observed, happened) : [writers.get(next)];
  for (const follower of followers) {
    if (follower === undefined) continue;
    const { event: to, value: after } = follower;
    graph.add({ from: event, to, kind: "rw", cell, isByOrder: false, before: entries, after, because });
  }
}

function unseen(longest: Reading, { writers }: Observations, happened: readonly boolean[]): Writer[] {
  const seen = new Set(longest.texts);
  return [...writers].flatMap(([text, writer]) => (!seen.has(text) && happened[writer.event] === true ? [writer] : []));
}
