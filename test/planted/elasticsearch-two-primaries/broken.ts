import { Linearizable, map, primaryReplica, Replicated } from "@faultline/runtime";

/** A shard with its documents. */
@Replicated()
export class Shard {
  @Linearizable({ mechanism: primaryReplica({ acknowledge: "semiSync", failover: "automatic", fencing: false }) })
  readonly documents = map<string, string>();

  async index(id: string, text: string): Promise<void> {
    await this.documents.put(id, text);
  }

  async find(id: string): Promise<string | undefined> {
    return await this.documents.get(id);
  }
}
