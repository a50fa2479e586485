import type { VersionVector } from "../../data/version-vector.js";
import type { Reply, Request } from "../machine.js";
import type { Batch } from "../merged/store.js";

/** A question to the replicas of a value, or something that they are to store, until enough of them have answered. */
export type Round = Inquiry | Storing;

interface Waiting {
  readonly request: Request;
  /** How many replicas have to answer. */
  readonly needed: number;
  /** Those beyond the n that were asked to stand in. */
  readonly standIns: Set<number>;
}

export interface Inquiry extends Waiting {
  readonly kind: "inquiry";
  readonly cells: readonly string[];
  /** By replica that answered: all that it had applied. */
  readonly answered: Map<number, VersionVector>;
  /** What they have of the cells and this replica had not. */
  readonly learned: Map<number, Batch>;
}

export interface Storing extends Waiting {
  readonly kind: "storing";
  readonly answered: Set<number>;
  readonly batches: readonly Batch[];
  /** What the session is told once enough replicas have it. */
  readonly reply: Reply;
}

/** A read did not happen; a write did not as long as it was only inquired what it has to top. */
export function expired(round: Round): Reply {
  const { request, needed, answered } = round;
  const reason = `${answered.size} of the ${needed} replicas that a ${request.kind === "read" ? "read" : "write"} needs answered in time`;
  return { kind: request.kind === "commit" && round.kind === "storing" ? "indeterminate" : "unavailable", reason };
}
