import type { Shard } from "./shard.js";
import type { Prepared } from "./shard-state.js";
import type { Sharding, Transaction } from "./transaction.js";

/** All participants have prepared. */
export interface Approval {
  /** The highest timestamp at which any of them has: it has promised readers that none commits below. */
  readonly timestamp: number;
  /** Of all mutations in their order, each worked out by the shard that has its cell. */
  readonly results: readonly unknown[];
}

/** What the participants of a transaction have voted, as far as the replicas of their logs on this machine have it. */
export function votesOn(
  transaction: Transaction,
  { sharding, shards }: { readonly sharding: Sharding; readonly shards: readonly Shard[] },
): Approval | "refused" | "open" {
  const { id, mutations } = transaction;
  const votes = new Map<number, Prepared>();
  let isOpen = false;
  for (const shard of sharding.participantsOf(transaction)) {
    const { state } = shards[shard] as Shard;
    if (state.outcomeOf(id) !== undefined) return "refused";
    const prepared = state.prepared.get(id);
    if (prepared === undefined) isOpen = true;
    else votes.set(shard, prepared);
  }
  if (isOpen) return "open";
  const left = new Map([...votes].map(([shard, { results }]) => [shard, [...results]]));
  return {
    timestamp: Math.max(...[...votes.values()].map(({ timestamp }) => timestamp)),
    results: mutations.map(({ cell }) => left.get(sharding.shardOf(cell))?.shift()),
  };
}
