import { Linearizable, log, Replicated, register, Transaction } from "@faultline/runtime";
import { partition, scenario } from "@faultline/runtime/simulation";
import { ConfirmedInbox, memberOf, regions } from "./numbered-chat.js";
import { insist, type Message } from "./phone.js";

/** A conversation as its server has it: each message gets an id, is stored, and goes into the inboxes of the others. */
@Replicated()
export class Chat {
  @Linearizable() readonly messages = log<Message>();

  async send(from: string, text: string, ...to: readonly Inbox[]): Promise<void> {
    const message = { id: crypto.randomUUID(), from, text };
    await this.messages.append(message);
    for (const inbox of to) await inbox.queue.append(message);
  }
}

@Replicated()
export class Inbox {
  @Linearizable() readonly queue = log<Message>();
  @Linearizable() readonly delivered = register(0);

  /** What has not been delivered so far. From now on it has. */
  @Transaction()
  async deliver(): Promise<readonly Message[]> {
    const before = await this.delivered.read();
    const queue = await this.queue.entries();
    await this.delivered.write(queue.length);
    return queue.slice(before);
  }
}

const nycIsCutOff = [partition([["nyc"], ["london", "tokyo"]], { fromMs: 500, untilMs: 5_000 })];
const londonIsCutOff = [partition([["london"], ["nyc", "tokyo"]], { fromMs: 500, untilMs: 5_000 })];
const exactlyOnce = { unit: "%", claim: "99.999 %" } as const;

/** Alice's phone gets no answer, and sends again. */
export const resent = scenario(
  "a message is shown once",
  { regions, faults: nycIsCutOff },
  async ({ session, sleep, random, check, measure }) => {
    const phone = session("nyc");
    await sleep(random() * 1_000);
    const inbox = phone.open(Inbox, "bob");
    await insist(() => phone.open(Chat, "family").send("alice", "home at six", inbox)); // finding: no-unkeyed-retry

    const shown = await insist(() => session("london").open(Inbox, "bob").deliver());
    measure("shown exactly once", shown.length === 1 ? 100 : 0, exactlyOnce);
    await check("bob is told once", () => shown.length === 1);
  },
);

/** Bob has been away. His phone comes back, asks for what it has missed, and loses its connection. */
export const offline = scenario(
  "who was away gets what came in the meantime",
  {
    ...{ regions, faults: londonIsCutOff },
    setup: ({ open }) => open(Chat, "family").send("alice", "home at six", open(Inbox, "bob")),
  },
  async ({ session, sleep, random, check, measure }) => {
    const inbox = session("london").open(Inbox, "bob");
    await sleep(random() * 1_000);
    const shown = await insist(() => inbox.deliver());
    measure("shown exactly once", shown.length === 1 ? 100 : 0, exactlyOnce);
    await check("bob has it", () => shown.length === 1);
  },
);

/** Alice writes to the group, and the network goes between one inbox and the next. */
export const halfTold = scenario(
  "a group hears a message together or not at all",
  { regions, faults: nycIsCutOff },
  async ({ session, sleep, random, converged }) => {
    converged("bob and carol are told the same", async (reader) => {
      const bob = await reader.open(Inbox, "bob").queue.entries();
      const carol = await reader.open(Inbox, "carol").queue.entries();
      return bob.length === carol.length;
    });
    const phone = session("nyc");
    await sleep(random() * 250);
    await phone.open(Chat, "family").send("alice", "home at six", phone.open(Inbox, "bob"), phone.open(Inbox, "carol"));
  },
);

/** Bob's phone comes back again, to an inbox that waits until it has confirmed. */
export const offlineFixed = scenario(
  "who was away gets all that came in the meantime, in order, once",
  {
    ...{ regions, faults: londonIsCutOff },
    setup: async ({ session }) => {
      const alice = memberOf(session("nyc"));
      for (const text of ["home at six", "no, seven", "sorry, eight"]) await alice.say(text);
    },
  },
  async ({ session, sleep, random, check, converged }) => {
    const bob = memberOf(session("london"));
    await sleep(random() * 1_000);
    await bob.phone.shows(3);
    await check("all three, in order", () => bob.phone.shown.map(({ sequence }) => sequence).join() === "1,2,3");
    converged(
      "two ticks once bob has it",
      async (reader) => (await reader.open(ConfirmedInbox, "london").confirmed.read()) === 3,
    );
  },
);

/** All of that again: a question, its answer, a member who is cut off meanwhile, phones that send until they are heard. */
export const groupFixed = scenario(
  "everybody is told everything, in one order, once",
  { regions, faults: londonIsCutOff },
  async ({ session, sleep, random, check, measure }) => {
    const [alice, bob, carol] = [memberOf(session("nyc")), memberOf(session("london")), memberOf(session("tokyo"))];
    const ask = async () => {
      await sleep(random() * 1_000);
      await alice.say("who is in?");
      await alice.say("and who brings cake?");
    };
    const answer = () => bob.phone.shows(1).then(() => bob.say("me"));
    await Promise.all([ask(), answer(), alice.phone.shows(1), carol.phone.shows(3)]);
    await bob.phone.shows(2);

    const shown = [alice, bob, carol].map(({ phone }) => phone.shown);
    const once = shown.map((messages) => messages.filter(({ id }) => numberOf(id, messages) === 1).length);
    measure("shown exactly once", (100 * once.reduce((sum, count) => sum + count)) / 6, exactlyOnce);
    await check("alice has one, bob two, carol all three", () => once.join() === "1,2,3");
    await check("numbers go up, so nobody has one twice", () =>
      shown.every((messages) => messages.every(({ sequence }, at) => sequence > (messages[at - 1]?.sequence ?? 0))),
    );
  },
);

const numberOf = (id: string, messages: readonly Message[]): number =>
  messages.filter((message) => message.id === id).length;

export { crowdMeasured, latencyMeasured } from "./latency.js";
export { presenceMeasured } from "./presence.js";
export { replies, repliesFixed } from "./replies.js";
