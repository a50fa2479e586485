import { Linearizable, primaryReplica, Replicated, register } from "@faultline/runtime";

/** The pushes to a repository, as its metadata knows them. */
@Replicated()
export class Repository {
  @Linearizable({ mechanism: primaryReplica({ acknowledge: "async", failover: "automatic", fencing: false }) })
  readonly head = register("0000");

  async push(commit: string): Promise<void> {
    await this.head.write(commit);
  }

  async clone(): Promise<string> {
    return await this.head.read();
  }
}
