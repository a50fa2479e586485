import { Linearizable, orderedLog, Replicated, register } from "@faultline/runtime";

/** A ticket that opens a gate once. */
@Replicated()
export class Ticket {
  @Linearizable({ mechanism: orderedLog() })
  readonly isUsed = register(false);

  async use(): Promise<void> {
    await this.isUsed.write(true);
  }

  async refund(): Promise<void> {
    await this.isUsed.write(false);
  }

  async opens(): Promise<boolean> {
    return !(await this.isUsed.read());
  }
}
