import { replicatedState } from "../../data/replicated-state.js";
import { type Dot, VersionVector } from "../../data/version-vector.js";
import type { CellTable } from "../machine.js";
import type { Batch } from "../merged/store.js";

/** One cell as a quorum has it: all mutations that some replica of the quorum knows. */
export interface CellView {
  readonly state: unknown;
  readonly siblings: readonly unknown[];
  readonly batches: readonly Batch[];
  /** The mutations that the state is made of. */
  readonly visible: VersionVector;
  /** Whether a replica that has applied this has all of it. */
  isIn(vector: VersionVector): boolean;
  /** Equal for equal sets of mutations. */
  readonly identity: string;
}

/** Computed anew for each read: a coordinator without read repair keeps nothing of what it was told. */
export function viewOf(cell: string, batches: Iterable<Batch>, table: CellTable, replicaCount: number): CellView {
  const { type, options } = table.get(cell);
  const copy = replicatedState(type, options);
  const dots: Dot[] = [];
  const visible = VersionVector.empty(replicaCount);
  const relevant: Batch[] = [];
  for (const batch of batches) {
    const mutations = batch.mutations.filter((mutation) => mutation.cell === cell);
    if (mutations.length === 0) continue;
    relevant.push(batch);
    for (const mutation of mutations) {
      copy.apply(mutation);
      dots.push(mutation.dot);
      visible.add(mutation.dot);
    }
  }
  return {
    state: copy.view(),
    siblings: copy.siblings(),
    batches: relevant,
    visible,
    isIn: (vector) => dots.every((dot) => vector.has(dot)),
    identity: dots.sort((a, b) => a - b).join(" "),
  };
}
