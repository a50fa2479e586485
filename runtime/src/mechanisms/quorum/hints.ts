import type { Disk } from "../machine.js";
import type { Batch } from "../merged/store.js";

/**
 * Hinted handoff (DeCandia et al., Dynamo, SOSP 2007, §4.6): whoever has a write for a replica that has not acknowledged
 * it keeps a durable hint, and sends the write again until it is acknowledged.
 */
export class Hints {
  private readonly missing: Map<number, Set<number>>;

  constructor(disk: Disk) {
    this.missing = (disk.read("hints") as Map<number, Set<number>> | undefined) ?? new Map<number, Set<number>>();
    disk.write("hints", this.missing);
  }

  add(replicas: readonly number[], { operationId }: Batch): void {
    for (const replica of replicas) {
      const known = this.missing.get(replica);
      if (known === undefined) this.missing.set(replica, new Set([operationId]));
      else known.add(operationId);
    }
  }

  acknowledged(replica: number, operationIds: readonly number[]): void {
    for (const operationId of operationIds) this.missing.get(replica)?.delete(operationId);
  }

  /** The writes that each replica has not acknowledged. */
  get entries(): readonly (readonly [replica: number, operationIds: readonly number[]])[] {
    const entries = [...this.missing].map(([replica, ids]) => [replica, [...ids]] as const);
    return entries.filter(([, ids]) => ids.length > 0);
  }
}
