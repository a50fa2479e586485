import { assertLevel, isAtLeast, type Level } from "../../levels.js";

export type CapChoice = "CP" | "AP" | "CA";

/** Which two of consistency, availability and partition tolerance are kept, and what that means. */
export interface CapEntry {
  readonly choice: CapChoice;
  readonly keeps: string;
  readonly givesUp: string;
  /** What becomes of a request on the side that cannot reach the others. */
  readonly underPartition: string;
  readonly example: string;
}

/**
 * Consistency is linearizability here, and available is a system in which every node that is up answers (Gilbert and
 * Lynch, Brewer's Conjecture, SIGACT News 33(2), 2002). A single node is CA only because it is not distributed: there
 * is no link that could be cut, and when the node dies everything is gone at once.
 */
export const capChoices: readonly CapEntry[] = [
  {
    choice: "CP",
    keeps: "one answer that all agree on",
    givesUp: "answers on the side without a majority",
    underPartition: "the cut-off side refuses until the link is back",
    example: "accounts and trading: a refused payment can be made again, a wrong one has to be found first",
  },
  {
    choice: "AP",
    keeps: "an answer from every node that is up",
    givesUp: "that all answers agree",
    underPartition: "both sides go on, and what they did has to be merged afterwards",
    example: "feeds, carts and copies of pages: an old answer is better than none",
  },
  {
    choice: "CA",
    keeps: "both, for as long as there is one node",
    givesUp: "every answer as soon as that node or the way to it fails",
    underPartition: "there is nobody to be parted from; clients that cannot reach the node get nothing",
    example: "a single database server",
  },
];

/** What a level comes to with its default mechanism. */
export interface LevelCap {
  readonly choice: "CP" | "AP";
  readonly because: string;
}

/**
 * Which side of the theorem a level is on. Sequential is CP by its writes, though its reads go on. Throws a
 * `RangeError` for no level.
 */
export function capOf(level: Level): LevelCap {
  assertLevel(level);
  if (isAtLeast(level, "linearizable"))
    return { choice: "CP", because: "reads and writes need a majority, so the cut-off side refuses both" };
  if (isAtLeast(level, "sequential"))
    return {
      choice: "CP",
      because: "writes need a majority, so the cut-off side refuses them; its reads go on and stand still",
    };
  if (isAtLeast(level, "causal"))
    return {
      choice: "AP",
      because: "a session that stays at its replica is always answered; one that moved may have to wait",
    };
  return { choice: "AP", because: "every replica answers alone" };
}
