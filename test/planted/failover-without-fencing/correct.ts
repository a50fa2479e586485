import { Linearizable, primaryReplica, Replicated, register } from "@faultline/runtime";

/** Parcels that a depot has taken in. */
@Replicated()
export class Depot {
  @Linearizable({ mechanism: primaryReplica({ failover: "automatic", fencing: true }) })
  readonly parcels = register(0);

  async takeIn(parcels: number): Promise<void> {
    await this.parcels.update((there) => there + parcels);
  }

  async count(): Promise<number> {
    return await this.parcels.read();
  }
}
