import { Causal, Eventual, log, Replicated } from "@faultline/runtime";
import { type ScenarioContext, type Session, scenario } from "@faultline/runtime/simulation";
import type { Message } from "./phone.js";

/** A conversation that is read where one happens to be. */
@Replicated()
export class EventualChat {
  @Eventual() readonly messages = log<Message>(); // finding: no-underkill-level

  async send(message: Message): Promise<void> {
    await this.messages.append(message);
  }

  async shown(): Promise<readonly Message[]> {
    return await this.messages.entries();
  }
}

/** What an answer follows from is shown before it. Two who write at one moment may still be read in either order. */
@Replicated()
export class CausalChat {
  @Causal() readonly messages = log<Message>();

  async send(message: Message): Promise<void> {
    await this.messages.append(message);
  }

  async shown(): Promise<readonly Message[]> {
    return await this.messages.entries();
  }
}

/** Bob answers what he has read. Carol sees what has come to Tokyo. */
const answered = (open: (phone: Session) => EventualChat) => async (context: ScenarioContext<string>) => {
  const firstIn = async (chat: EventualChat): Promise<Message> => {
    for (;;) {
      const [first] = await chat.shown();
      if (first !== undefined) return first;
      await context.sleep(50);
    }
  };
  const [alice, bob, carol] = [context.session("nyc"), context.session("london"), context.session("tokyo")];
  const asked = open(alice).send({ id: "a1", from: "alice", text: "who is in?" });
  const answer = firstIn(open(bob)).then(() => open(bob).send({ id: "b1", from: "bob", text: "me" }));
  const [first] = await Promise.all([firstIn(open(carol)), asked, answer]);
  await context.check("the question comes first", () => first.from === "alice");
};

export const replies = scenario(
  "nobody sees an answer before its question",
  {},
  answered((phone) => phone.open(EventualChat, "family")),
);
export const repliesFixed = scenario(
  "nobody sees an answer before its question, at causal",
  {},
  answered((phone) => phone.open(CausalChat, "family")),
);
