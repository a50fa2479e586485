import { Linearizable, primaryReplica, Replicated, set } from "@faultline/runtime";

/** A set of numbers under one key. */
@Replicated()
export class NumberSet {
  @Linearizable({ mechanism: primaryReplica({ acknowledge: "async", failover: "automatic", fencing: false }) })
  readonly members = set<number>();

  async add(number: number): Promise<void> {
    await this.members.add(number);
  }

  async list(): Promise<readonly number[]> {
    return await this.members.values();
  }
}
