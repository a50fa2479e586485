import { Causal, Invariant, log, Replicated } from "@faultline/runtime";

interface Message {
  readonly id: string;
  readonly replyTo: string | undefined;
  readonly text: string;
}

/** A conversation. */
@Replicated()
@Causal()
export class Conversation {
  readonly messages = log<Message>();

  async ask(text: string): Promise<void> {
    await this.messages.append({ id: crypto.randomUUID(), replyTo: undefined, text });
  }

  async reply(text: string): Promise<void> {
    const last = (await this.messages.entries()).at(-1);
    if (last === undefined) throw new Error("nothing to reply to");
    await this.messages.append({ id: crypto.randomUUID(), replyTo: last.id, text });
  }

  @Invariant("every reply has its question")
  async readable(): Promise<boolean> {
    const messages = await this.messages.entries();
    return messages.every(({ replyTo }) => replyTo === undefined || messages.some(({ id }) => id === replyTo));
  }
}
