import { Linearizable, primaryReplica, Replicated, register } from "@faultline/runtime";

/** An alarm. */
@Replicated()
export class Alarm {
  @Linearizable({ mechanism: primaryReplica({ reads: "primary" }) })
  readonly isArmed = register(true);

  async arm(): Promise<void> {
    await this.isArmed.write(true);
  }

  async disarm(): Promise<void> {
    await this.isArmed.write(false);
  }

  async rings(): Promise<boolean> {
    return await this.isArmed.read();
  }
}
