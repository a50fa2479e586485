import type { VersionVector } from "../../data/version-vector.js";
import type { Batch } from "../merged/store.js";

export type QuorumMessage =
  /** "What do you have of these cells that I lack?" */
  | { readonly kind: "ask"; readonly ticket: number; readonly cells: readonly string[]; readonly vector: VersionVector }
  | {
      readonly kind: "have";
      readonly ticket: number;
      readonly batches: readonly Batch[];
      /** All that the replica has applied, so that whoever asked knows what it lacks. */
      readonly vector: VersionVector;
    }
  | {
      readonly kind: "store";
      /** What the sender waits for; undefined when it wants no acknowledgement. */
      readonly ticket: number | undefined;
      readonly batches: readonly Batch[];
      /** Replicas to which the receiver, who stands in for them, is to pass it on. */
      readonly hintsFor: readonly number[];
    }
  | { readonly kind: "stored"; readonly ticket: number; readonly operationIds: readonly number[] }
  /** Anti-entropy: "this is what I have". */
  | { readonly kind: "digest"; readonly vector: VersionVector };
