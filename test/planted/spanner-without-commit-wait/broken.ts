import { Linearizable, Replicated, register, trueTime } from "@faultline/runtime";

/** Who may see an album. */
@Replicated()
export class Album {
  @Linearizable({ mechanism: trueTime({ epsilonMs: 100, commitWait: false }) })
  readonly isPublic = register(true);

  async hide(): Promise<void> {
    await this.isPublic.write(false);
  }

  async publish(): Promise<void> {
    await this.isPublic.write(true);
  }

  async mayBeSeen(): Promise<boolean> {
    return await this.isPublic.read();
  }
}
