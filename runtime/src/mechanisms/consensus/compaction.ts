/**
 * When a replica takes a snapshot and drops the log before it (dissertation chapter 5), and how much of the past the
 * snapshot keeps. Nothing of it changes what clients may rely on, so no application sets it.
 */
export interface Compaction {
  /** A snapshot is taken once so many entries have been applied since the last one. */
  readonly everyEntries: number;
  /** Older versions of cells, and the results of commands, are kept for so many entries back, or a little longer. */
  readonly historyEntries: number;
}

/**
 * Small, so that a run of a few hundred commands takes some snapshots and a replica that was cut off gets one. A
 * snapshot costs a copy of references to all cells: a 64th of that for each entry.
 */
export const defaultCompaction: Compaction = { everyEntries: 64, historyEntries: 256 };
