import type { Level } from "../../levels.js";

export type CategoryId =
  | "money"
  | "stock"
  | "booking"
  | "coordination"
  | "credentials"
  | "audit"
  | "quota"
  | "price"
  | "conversation"
  | "content"
  | "preference"
  | "presence"
  | "reaction"
  | "recommendation"
  | "search"
  | "cache"
  | "analytics"
  | "monitoring";

/** What kind of data something is, and how much consistency that asks for. */
export interface Category {
  readonly id: CategoryId;
  /** As a sentence says it: "`balance` holds money". */
  readonly name: string;
  /** Below this it goes wrong in a way that its owner would not forgive. */
  readonly weakest: Level;
  /** What one chooses who has no further reason. */
  readonly usual: Level;
  /** Above this nobody is served better. */
  readonly strongest: Level;
  /** What happens below the weakest level; where any level suffices, what little happens at the weakest. */
  readonly loss: string;
  readonly source: string;
  /** A copy, or a sum of other data, that can be made again from it. */
  readonly isDerived?: true;
  /** Where every event is an entry of its own in a log, nothing is decided by a value, and less suffices. */
  readonly asLog?: Pick<Category, "weakest" | "loss">;
}

/**
 * Strictest first: where one phrase speaks of several, and no word is its head, the earlier one decides. The source
 * document has three steps (strong, causal, eventual); its step for strong data is split by what suffices to keep the
 * promise, and what it puts in two steps at once (preferences) ranges from the one to the other.
 */
export const categories: readonly Category[] = [
  {
    id: "money",
    name: "money",
    weakest: "sequential",
    usual: "linearizable",
    strongest: "linearizable",
    loss: "Two clients spend the same money at once and both are told that it worked, as neither replica has seen the other.",
    source: "Bailis et al., Coordination Avoidance in Database Systems, VLDB 2015: a lower bound needs coordination",
    asLog: {
      weakest: "causal",
      loss: "An entry shows up before the one that caused it: a refund before what it refunds.",
    },
  },
  {
    id: "stock",
    name: "stock",
    weakest: "sequential",
    usual: "linearizable",
    strongest: "linearizable",
    loss: "Two clients take the last one at once and both are told that it is theirs, as neither replica has seen the other.",
    source: "Bailis et al., Coordination Avoidance in Database Systems, VLDB 2015: a lower bound needs coordination",
  },
  {
    id: "booking",
    name: "bookings",
    weakest: "sequential",
    usual: "linearizable",
    strongest: "linearizable",
    loss: "Two clients book the same thing at once and both are told that it is theirs, as neither replica has seen the other.",
    source: "Bailis et al., Coordination Avoidance in Database Systems, VLDB 2015: uniqueness needs coordination",
  },
  {
    id: "coordination",
    name: "what only one may have",
    weakest: "sequential",
    usual: "linearizable",
    strongest: "linearizable",
    loss: "Two clients have it at once, as each replica gives it away without having seen the other.",
    source: "Herlihy, Wait-Free Synchronization, ACM TOPLAS 13(1), 1991: registers alone cannot agree",
  },
  {
    id: "credentials",
    name: "credentials",
    weakest: "causal",
    usual: "linearizable",
    strongest: "linearizable",
    loss: "What a change was to protect becomes visible before the change does: the one who was shut out still gets in.",
    source: "Pang et al., Zanzibar, USENIX ATC 2019, §2.2: the new enemy problem",
  },
  {
    id: "audit",
    name: "audit records",
    weakest: "causal",
    usual: "sequential",
    strongest: "linearizable",
    loss: "An entry shows up before the one that caused it, so the record contradicts what happened.",
    source: "Lamport, Time, Clocks, and the Ordering of Events, CACM 21(7), 1978",
  },
  {
    id: "quota",
    name: "a quota",
    weakest: "eventual",
    usual: "sequential",
    strongest: "linearizable",
    loss: "During a partition each side hands out what is left, so the limit is overshot by what the other side gave.",
    source: "O'Neil, The Escrow Transactional Method, ACM TODS 11(4), 1986",
  },
  {
    id: "price",
    name: "prices",
    weakest: "eventual",
    usual: "causal",
    strongest: "linearizable",
    loss: "An old price is shown for a moment, which does no harm if the order keeps the one that was shown.",
    source: "the source document, case study 1: price updates by timestamps with business logic",
  },
  {
    id: "conversation",
    name: "a conversation",
    weakest: "causal",
    usual: "causal",
    strongest: "linearizable",
    loss: "An answer shows up before what it answers, on a replica that has not yet heard the question.",
    source: "Lloyd et al., Don't Settle for Eventual, SOSP 2011, §2",
  },
  {
    id: "content",
    name: "content",
    weakest: "eventual",
    usual: "causal",
    strongest: "linearizable",
    loss: "Its author may not see their own change at once after moving to another replica.",
    source: "Terry et al., Session Guarantees for Weakly Consistent Replicated Data, PDIS 1994",
  },
  {
    id: "preference",
    name: "preferences",
    weakest: "eventual",
    usual: "causal",
    strongest: "causal",
    loss: "Nobody is harmed when another replica has the old choice for a moment, and causal shows its owner the new one at once.",
    source: "the source document: causal in step 1, eventual in anti-pattern 1",
  },
  {
    id: "presence",
    name: "presence",
    weakest: "eventual",
    usual: "eventual",
    strongest: "causal",
    loss: "It is old by the time anyone reads it, whatever the level.",
    source: "the source document, WhatsApp: presence by batched gossip",
  },
  {
    id: "reaction",
    name: "reactions",
    weakest: "eventual",
    usual: "eventual",
    strongest: "causal",
    loss: "A count that is a moment behind misleads nobody, and merging replicas loses none.",
    source: "Shapiro et al., Conflict-free Replicated Data Types, SSS 2011: counters and sets",
  },
  {
    id: "recommendation",
    name: "recommendations",
    weakest: "eventual",
    usual: "eventual",
    strongest: "causal",
    loss: "An older recommendation is still one, and the next computation replaces it.",
    source: "the source document, step 1 and case study 1",
    isDerived: true,
  },
  {
    id: "search",
    name: "a search index",
    weakest: "eventual",
    usual: "eventual",
    strongest: "causal",
    loss: "A result that is a moment late is found again, and the index can be rebuilt from what it indexes.",
    source: "the source document, step 1 and case study 1",
    isDerived: true,
  },
  {
    id: "cache",
    name: "a copy",
    weakest: "none",
    usual: "eventual",
    strongest: "causal",
    loss: "A copy may be old by its nature, and can be fetched again from where the data lives.",
    source: "the source document, level 0",
    isDerived: true,
  },
  {
    id: "analytics",
    name: "statistics",
    weakest: "eventual",
    usual: "eventual",
    strongest: "causal",
    loss: "A figure that is a moment behind misleads nobody, and can be computed again from the data.",
    source: "the source document, step 1 and case study 1",
    isDerived: true,
  },
  {
    id: "monitoring",
    name: "monitoring data",
    weakest: "none",
    usual: "eventual",
    strongest: "causal",
    loss: "A sample that comes late or is lost is followed by the next.",
    source: "the source document, step 1",
    isDerived: true,
  },
];

const byId: ReadonlyMap<CategoryId, Category> = new Map(categories.map((category) => [category.id, category]));

export function categoryOf(id: CategoryId): Category {
  const category = byId.get(id);
  if (category === undefined) throw new Error(`no category ${id}`);
  return category;
}
