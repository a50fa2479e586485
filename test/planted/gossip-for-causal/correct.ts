import { Causal, causalBroadcast, log, Replicated } from "@faultline/runtime";

/** A thread of comments. */
@Replicated()
export class Thread {
  @Causal({ mechanism: causalBroadcast() })
  readonly comments = log<string>();

  async comment(text: string): Promise<void> {
    await this.comments.append(text);
  }

  async read(): Promise<readonly string[]> {
    return await this.comments.entries();
  }
}
