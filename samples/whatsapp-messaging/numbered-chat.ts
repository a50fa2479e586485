import { log, Replicated, register, Sequential, Transaction } from "@faultline/runtime";
import type { Session } from "@faultline/runtime/simulation";
import { type Delivery, insist, type Message, Phone } from "./phone.js";

/** The right one: the phone makes the id, and message, number and inboxes are one transaction. */
@Replicated()
export class NumberedChat {
  @Sequential() readonly messages = log<Message>();

  /** Gives the message's number, also when it is sent again. */
  @Transaction()
  async send(message: Message, ...to: readonly ConfirmedInbox[]): Promise<number> {
    const stored = await this.messages.entries();
    const before = stored.findIndex(({ id }) => id === message.id);
    if (before >= 0) return before + 1;
    const sequence = stored.length + 1;
    await this.messages.append(message);
    for (const inbox of to) await inbox.queue.append({ ...message, sequence });
    return sequence;
  }
}

/** What one member is given. It is delivered when the phone says so. */
@Replicated()
export class ConfirmedInbox {
  @Sequential() readonly queue = log<Delivery>();
  @Sequential() readonly confirmed = register(0);

  async after(count: number): Promise<readonly Delivery[]> {
    return (await this.queue.entries()).slice(count);
  }

  async confirm(count: number): Promise<void> {
    await this.confirmed.update((before) => Math.max(before, count));
  }
}

export const regions = ["nyc", "london", "tokyo"] as const;

/** A member of the family, who is called as where the phone is connected. */
export function memberOf(connection: Session, show?: (message: Message) => void, askEveryMs?: number) {
  const name = connection.region;
  const phone = new Phone(connection.open(ConfirmedInbox, name), show, askEveryMs);
  const others = regions.filter((other) => other !== name).map((other) => connection.open(ConfirmedInbox, other));
  const say = async (text: string): Promise<void> => {
    const message = { id: crypto.randomUUID(), from: name, text };
    await insist(() => connection.open(NumberedChat, "family").send(message, ...others));
  };
  return { phone, say };
}
