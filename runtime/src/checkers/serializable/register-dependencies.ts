import { encodeValue, equalValues } from "../../data/values.js";
import type { DependencyGraph } from "./dependency-graph.js";
import type { Impossible } from "./impossible.js";
import type { Access, Observations } from "./observations.js";

/** What an event read before it wrote, and what it left. */
interface Use {
  readonly event: number;
  readonly read: { readonly value: unknown; readonly text: string } | undefined;
  readonly written: { readonly value: unknown } | undefined;
}

/**
 * A reader comes after the writer. Of versions it is known that the initial one is the first, and that what a
 * transaction read and then overwrote comes just before what it wrote.
 */
export function registerDependencies(
  observed: Observations,
  happened: readonly boolean[],
  graph: DependencyGraph,
): Impossible | undefined {
  const { cell, accesses, writers, initial } = observed;
  const uses: Use[] = [];
  for (const access of accesses) {
    if (happened[access.event] !== true) continue;
    const use = useOf(access, observed);
    if ("reason" in use) return use;
    uses.push(use);
  }
  const readers = new Map<string, Use[]>();
  for (const use of uses) {
    if (use.read === undefined) continue;
    const { value, text } = use.read;
    const others = readers.get(text);
    if (others === undefined) readers.set(text, [use]);
    else others.push(use);
    const writer = writers.get(text);
    if (writer !== undefined)
      graph.add({ from: writer.event, to: use.event, kind: "wr", cell, isByOrder: false, before: value, because: [] });
  }
  for (const { event, read, written } of uses) {
    if (written === undefined) continue;
    const after = written.value;
    const overwritten = read?.text ?? encodeValue(initial);
    for (const reader of readers.get(overwritten) ?? [])
      graph.add({
        from: reader.event,
        to: event,
        kind: "rw",
        cell,
        isByOrder: false,
        before: reader.read?.value,
        after,
        because: [],
      });
    const writer = read === undefined ? undefined : writers.get(read.text);
    if (writer !== undefined)
      graph.add({
        from: writer.event,
        to: event,
        kind: "ww",
        cell,
        isByOrder: false,
        before: writer.value,
        after,
        because: [],
      });
    // A reader of the initial version comes before every write, whatever that overwrote.
    for (const reader of readers.get(encodeValue(initial)) ?? [])
      graph.add({
        from: reader.event,
        to: event,
        kind: "rw",
        cell,
        isByOrder: false,
        before: initial,
        after,
        because: [],
      });
  }
  return undefined;
}

function useOf({ event, actions }: Access, { cell, initial, writers, refused }: Observations): Use | Impossible {
  let read: Use["read"];
  let written: Use["written"];
  for (const { kind, value } of actions) {
    if (kind === "write") {
      written = { value };
    } else if (written !== undefined) {
      if (!equalValues(written.value, value))
        return { name: "read-your-writes", cell, events: [event], value, reason: "own" };
    } else if (read !== undefined) {
      if (!equalValues(read.value, value))
        return { name: "read-skew", cell, events: [event], value, reason: "changed" };
    } else {
      const text = encodeValue(value);
      const writer = writers.get(text);
      if (writer === undefined && !equalValues(value, initial)) {
        return refused.has(text)
          ? { name: "aborted-read", cell, events: [event], value, reason: "refused" }
          : { name: "dirty-read", cell, events: [event], value, reason: "unwritten" };
      }
      if (writer?.event === event) return { name: "dirty-read", cell, events: [event], value, reason: "unwritten" };
      if (writer?.isLast === false)
        return { name: "intermediate-read", cell, events: [event, writer.event], value, reason: "intermediate" };
      read = { value, text };
    }
  }
  return { event, read, written };
}
