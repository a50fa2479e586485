import type { ts } from "ts-morph";
import type { FunctionNode } from "../extract/scopes.js";
import type { Unit } from "../extract/units.js";
import type { FunctionId } from "../extract/values.js";
import type { UnitUsages } from "../flow/usages.js";
import type { Recorded } from "../reads.js";
import type { Sources } from "./view.js";

/** The function, of which whoever asks looks at the body: an edit there is a reason to judge again. */
export function functionRead({ x }: Sources, id: FunctionId): FunctionNode | undefined {
  const run = x.functionNode(id);
  if (run !== undefined) x.reads.noteFile(run.getSourceFile().fileName);
  return run;
}

/**
 * What was computed from the code, kept over edits elsewhere. A key has to be made anew when the code that it stands for is
 * edited, as facts, items and lists of usages are; what is asked about other code is noted by whoever answers.
 */
export class Kept<K extends object, V> {
  readonly #known = new WeakMap<K, Recorded<V>>();

  of({ x: { reads } }: Sources, key: K, compute: () => V): V {
    const known = this.#known.get(key);
    if (known !== undefined && reads.holds(known)) return known.value;
    const made = reads.record(compute);
    this.#known.set(key, made);
    return made.value;
  }
}

/** What is found in a file part by part: after an edit only those parts are looked at again that it concerns. */
export class KeptByUnit<V> {
  readonly #known = new WeakMap<UnitUsages, Recorded<readonly V[]>>();

  of({ x: { reads }, usages }: Sources, tree: ts.SourceFile, find: (unit: Unit, of: UnitUsages) => readonly V[]): V[] {
    const found: V[] = [];
    for (const part of usages.partsOf(tree)) {
      let known = this.#known.get(part);
      if (known === undefined || !reads.holds(known)) {
        known = reads.record(() => find(part.unit, part));
        this.#known.set(part, known);
      }
      if (known.value.length > 0) found.push(...known.value);
    }
    return found;
  }
}
