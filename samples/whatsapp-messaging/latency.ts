import { scenario } from "@faultline/runtime/simulation";
import { ConfirmedInbox, memberOf, NumberedChat, regions } from "./numbered-chat.js";
import { type Message, Phone } from "./phone.js";

/** How long a message takes from one phone to the next when nothing is wrong. */
export const latencyMeasured = scenario("how long a message takes", { regions }, async ({ session, now, measure }) => {
  let sentAt = 0;
  const members = regions.map((to) => {
    const arrived = ({ from }: Message) =>
      measure(`from ${from} to ${to}`, now() - sentAt, { unit: "ms", claim: "< 100 ms" });
    return { region: to, ...memberOf(session(to), arrived, 5) };
  });
  for (const sender of members) {
    sentAt = now();
    const acknowledged = () => measure(`acknowledged in ${sender.region}`, now() - sentAt, { unit: "ms" });
    const others = members.filter((member) => member !== sender);
    await Promise.all([
      sender.say("hello").then(acknowledged),
      ...others.map(({ phone }) => phone.shows(phone.shown.length + 1)),
    ]);
  }
});

/** A group of 256: one message to all of their inboxes. */
export const crowdMeasured = scenario(
  "how long a group of 256 waits",
  { regions },
  async ({ session, now, measure }) => {
    const alice = session("nyc");
    const inboxes = Array.from({ length: 255 }, (_, member) => alice.open(ConfirmedInbox, `member ${member}`));
    const arrived = () => measure("the last of them has it", now(), { unit: "ms", claim: "< 100 ms" });
    const last = new Phone(session("tokyo").open(ConfirmedInbox, "member 254"), arrived, 5);
    const send = alice.open(NumberedChat, "family").send({ id: "a1", from: "alice", text: "hello, all" }, ...inboxes);
    await Promise.all([send, last.shows(1)]);
  },
);
