import { Linearizable, quorum, Replicated, register } from "@faultline/runtime";

/** Whether a door of a plant may be opened. */
@Replicated()
export class Interlock {
  @Linearizable({ mechanism: quorum({ n: 3, r: 2, w: 2 }) })
  readonly isReleased = register(false);

  async release(): Promise<void> {
    await this.isReleased.write(true);
  }

  async secure(): Promise<void> {
    await this.isReleased.write(false);
  }

  async mayOpen(): Promise<boolean> {
    return await this.isReleased.read();
  }
}
