/**
 * For the trace only: ids of the commits whose mutations a message carries. Told by the parts that the messages of all
 * mechanisms are made of: a batch, a command, a log's entries, a transaction, and one message inside another.
 */
export function commitsIn(message: unknown): readonly number[] {
  const { batch, batches, command, entries, transaction, body } = (message ?? {}) as Parts;
  return [
    ...[batch, ...(batches ?? [])].map((each) => each?.operationId),
    ...[command, ...(entries ?? []).map((entry) => entry?.command)].map(commitOf),
    idOf(transaction),
    ...(body === undefined ? [] : commitsIn(body)),
  ].filter((id) => id !== undefined);
}

interface Parts {
  readonly batch?: Batch;
  readonly batches?: readonly Batch[];
  readonly command?: Command;
  readonly entries?: readonly { readonly command?: Command }[];
  readonly transaction?: Named;
  readonly body?: unknown;
}

interface Batch {
  readonly operationId: number;
}

/** A shard's log numbers its own entries; the record in it names the transaction. */
interface Command {
  readonly id: number;
  readonly record?: { readonly transaction: Named };
}

type Named = number | { readonly id: number };

const commitOf = (command: Command | undefined): number | undefined =>
  command?.record === undefined ? command?.id : idOf(command.record.transaction);

const idOf = (named: Named | undefined): number | undefined => (typeof named === "object" ? named.id : named);
