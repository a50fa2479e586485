import { isAtLeast } from "../levels.js";
import type { Refuses } from "./options.js";

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
 * What an atomic quorum cannot do although it is linearizable for plain reads and writes of registers. At eventual
 * nobody promises that an operation is atomic: merging is all there is to it.
 */
export const refusedByAtomicQuorum: Refuses = ({ type, level }, operation, inTransaction) => {
  if (!isAtLeast(level, "causal")) return undefined;
  const refused = inTransaction
    ? "take part in a transaction"
    : type.name !== "register"
      ? `be a ${type.name}: it stores single values`
      : plainOperations.has(operation)
        ? undefined
        : `do \`${operation}\` in one step`;
  if (refused === undefined) return undefined;
  return {
    problem: `is kept by quorum(), with which it cannot ${refused}`,
    help:
      "Keep to read() and write() of a register outside of transactions, leave the mechanism out for one that orders " +
      "all operations, or make the cell eventual.",
  };
};
