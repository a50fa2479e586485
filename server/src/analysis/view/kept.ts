import type { FunctionNode } from "../extract/scopes.js";
import type { FunctionId } from "../extract/values.js";
import type { Sources } from "./view.js";

/** The functions that are being read, by what is being computed from them; the innermost last. */
const readings = new WeakMap<Sources["summaries"], Map<FunctionId, object | undefined>[]>();

/** The function, of which whoever asks looks at the body: an edit there is a reason to judge again. */
export function functionRead(sources: Sources, id: FunctionId): FunctionNode | undefined {
  const run = sources.x.functionNode(id);
  if (run !== undefined) sources.consulted.add(run.getSourceFile().fileName);
  for (const read of readings.get(sources.summaries) ?? []) read.set(id, run && sources.summaries.factsOf(run));
  return run;
}

interface Entry<V> {
  readonly value: V;
  /** The functions that it was computed from, each with the facts that were read of it. */
  readonly read: ReadonlyMap<FunctionId, object | undefined>;
}

/**
 * What was computed from the bodies of functions, kept over edits elsewhere. A key has to be made anew when the code that it
 * stands for is edited, as facts and items are; other functions have to be read by `functionRead`, and nothing else that an
 * edit of them could change.
 */
export class Kept<K extends object, V> {
  readonly #entries = new WeakMap<K, Entry<V>>();

  of(sources: Sources, key: K, compute: () => V): V {
    const known = this.#entries.get(key);
    if (known !== undefined && [...known.read].every(([id, facts]) => isSame(sources, id, facts))) return known.value;
    const read = new Map<FunctionId, object | undefined>();
    const open = readings.get(sources.summaries) ?? [];
    readings.set(sources.summaries, [...open, read]);
    try {
      const value = compute();
      this.#entries.set(key, { value, read });
      return value;
    } finally {
      readings.set(sources.summaries, open);
    }
  }
}

function isSame(sources: Sources, id: FunctionId, facts: object | undefined): boolean {
  const run = functionRead(sources, id);
  return (run && sources.summaries.factsOf(run)) === facts;
}
