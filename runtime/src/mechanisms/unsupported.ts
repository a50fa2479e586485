import { isAtLeast, type Level } from "../levels.js";
import type { MechanismOptions } from "./options.js";

/** A quorum's options with all defaults filled in, as `quorum()` returns them. */
export interface QuorumConfiguration {
  readonly n: number;
  readonly r: number;
  readonly w: number;
  readonly writeBack: boolean;
  readonly readRepair: boolean;
  readonly hintedHandoff: boolean;
  readonly sloppy: boolean;
}

/**
 * Whether registers read and written with these quorums are linearizable (Attiya, Bar-Noy and Dolev, Sharing Memory
 * Robustly in Message-Passing Systems, JACM 42(1), 1995): a read meets the last write (r + w > n), a write meets the
 * version it has to top (2w > n), and nobody reads what a later read may miss (write-back).
 */
export const isAtomicQuorum = ({ n, r, w, writeBack, sloppy }: QuorumConfiguration): boolean =>
  r + w > n && 2 * w > n && writeBack && !sloppy;

const plainOperations: ReadonlySet<string> = new Set(["read", "write", "siblings"]);

/**
 * What of an operation the mechanism cannot do at this level although it provides the level for others, in words for
 * an error message; undefined when it can. It is refused before anything is asked of a deployment, so that the embedded
 * one refuses it too. At eventual and below nobody promises that it is atomic, and merging is all there is to it.
 */
export function unsupported(
  { mechanism, options }: MechanismOptions,
  level: Level,
  type: string,
  operation: string,
  inTransaction: boolean,
): string | undefined {
  if (mechanism !== "quorum" || !isAtLeast(level, "causal")) return undefined;
  if (!isAtomicQuorum(options as unknown as QuorumConfiguration)) return undefined;
  if (inTransaction) return "take part in a transaction";
  if (type !== "register") return `be a ${type}: it stores single values`;
  return plainOperations.has(operation) ? undefined : `do \`${operation}\` in one step`;
}
