import { Eventual, Invariant, log, Replicated, register } from "@faultline/runtime";

/** A picture, and who liked it. */
@Replicated()
@Eventual()
export class Picture {
  readonly likes = register(0);
  readonly fans = log<string>();

  async like(fan: string): Promise<number> {
    const likes = await this.likes.update((now) => now + 1);
    await this.fans.append(fan);
    return likes;
  }

  @Invariant("a like that was answered is counted", { when: "converged" })
  async complete(): Promise<boolean> {
    return (await this.likes.read()) >= (await this.fans.entries()).length;
  }
}
