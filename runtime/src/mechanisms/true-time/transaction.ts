import type { Operation } from "../../data/data-type.js";
import type { Request } from "../machine.js";

/** What a session asks to happen as a unit. */
export interface Transaction {
  readonly id: number;
  readonly expected: readonly { readonly cell: string; readonly version: number }[];
  readonly mutations: readonly { readonly cell: string; readonly operation: Operation }[];
  /** How long the client waits; so long a shard keeps it waiting, or the others. */
  readonly timeoutUs: number;
}

export function transactionOf({
  id,
  expected,
  mutations,
  timeoutUs,
}: Extract<Request, { kind: "commit" }>): Transaction {
  return { id, expected, mutations, timeoutUs };
}

/** Which shard has which cell, and so which shards take part in a transaction. */
export class Sharding {
  constructor(readonly shardCount: number) {}

  /** FNV-1a over the key's code units: the same on every machine, for ever. */
  shardOf(cell: string): number {
    let hash = 0x811c9dc5;
    for (let at = 0; at < cell.length; at++) hash = Math.imul(hash ^ cell.charCodeAt(at), 0x01000193);
    return (hash >>> 0) % this.shardCount;
  }

  /** In ascending order. */
  participantsOf({ expected, mutations }: Transaction): readonly number[] {
    const shards = new Set<number>();
    for (const { cell } of mutations) shards.add(this.shardOf(cell));
    for (const { cell } of expected) shards.add(this.shardOf(cell));
    return [...shards].sort((a, b) => a - b);
  }

  /**
   * The shard whose log holds the decision. It depends on the transaction alone: were it chosen anew when a request is
   * sent again, one transaction could get two decisions.
   */
  coordinatorOf(transaction: Transaction): number {
    return this.shardOf((transaction.mutations[0] ?? transaction.expected[0])?.cell ?? "");
  }

  /** What of a transaction concerns one shard. */
  partOf(transaction: Transaction, shard: number): Transaction {
    const isHere = ({ cell }: { readonly cell: string }) => this.shardOf(cell) === shard;
    const { expected, mutations } = transaction;
    return { ...transaction, expected: expected.filter(isHere), mutations: mutations.filter(isHere) };
  }
}
