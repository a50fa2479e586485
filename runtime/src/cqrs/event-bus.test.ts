import { expect, test } from "vitest";
import type { Commit, Event } from "../eventsourcing/index.js";
import { log, map, open, Replicated, register, Sequential, Transaction } from "../index.js";
import { type Delivery, eventBus, type Handled, once, outbox } from "./index.js";

type EmailChanged = Event<"EmailChanged", { from: string; to: string }>;

/** State that is no stream of events; what happened to it lies in an outbox beside it. */
@Replicated()
@Sequential()
class User {
  readonly email = register("ann@old.example");
  readonly outgoing = log<Commit<EmailChanged>>();
  readonly positions = map<string, number>();
  readonly done = map<string, Handled>();
  readonly letters = register<readonly string[]>([]);
  readonly outbox = outbox(this.outgoing, { now: () => 7 });

  constructor(readonly id: string) {}

  @Transaction()
  async changeEmail(to: string): Promise<void> {
    const from = await this.email.read();
    await this.email.write(to);
    await this.outbox.add({ type: "EmailChanged", from, to });
    if (!to.includes("@")) throw new Error("that is no address");
  }

  /** Told twice, it writes one letter. */
  async writeLetter({ id, event }: Delivery<EmailChanged>): Promise<void> {
    await once(this.done, id, async () => {
      await this.letters.update((letters) => [...letters, `to ${event.from}`]);
    });
  }
}

test("what happened is in the outbox if the state has changed, and not otherwise", async () => {
  const user = open(User, "outbox");
  await user.changeEmail("ann@new.example");
  await expect(user.changeEmail("nowhere")).rejects.toThrow("that is no address");
  expect(await user.email.read()).toBe("ann@new.example");
  const event = { type: "EmailChanged", from: "ann@old.example", to: "ann@new.example" };
  expect(await user.outbox.read()).toEqual([{ version: 1, timeMs: 7, event }]);
});

test("each subscriber hears of each event at least once, in order; one that fails keeps nobody else waiting", async () => {
  const user = open(User, "bus");
  const heard: string[] = [];
  const failing = { times: 1 };
  const bus = eventBus<EmailChanged>({
    positions: user.positions,
    subscribers: {
      search: ({ id }) => heard.push(`search ${id}`),
      letters({ id }) {
        if (id === "bus@2" && failing.times-- > 0) throw new Error("no paper");
        heard.push(`letters ${id}`);
      },
    },
  });
  for (const name of ["b", "c", "d"]) await user.changeEmail(`${name}@example`);

  const error: unknown = await bus.relay("bus", user.outbox).catch((thrown: unknown) => thrown);
  expect((error as AggregateError).errors.map(String)).toEqual(["Error: no paper"]);
  expect((error as Error).message).toBe("1 of 2 subscribers of `bus` failed.");
  expect(heard.filter((each) => each.startsWith("letters"))).toEqual(["letters bus@1"]);
  await bus.relay("bus", user.outbox);
  await bus.relay("bus", user.outbox);
  for (const name of ["search", "letters"]) {
    expect(heard.filter((each) => each.startsWith(name))).toEqual([1, 2, 3].map((version) => `${name} bus@${version}`));
  }
});

test("a delivery whose position was not stored comes again, and does nothing again where it is done once", async () => {
  const user = open(User, "again");
  await user.changeEmail("b@example");
  const bus = eventBus<EmailChanged>({
    positions: user.positions,
    subscribers: { letters: (delivery) => user.writeLetter(delivery) },
  });
  await bus.relay("again", user.outbox);
  await user.positions.delete("letters again"); // as after a crash between the delivery and its position
  await bus.relay("again", user.outbox);
  expect(await user.letters.read()).toEqual(["to ann@old.example"]);
});

test("what comes after a version that is missing waits for it", async () => {
  const { positions } = open(User, "gap");
  const heard: number[] = [];
  const bus = eventBus<EmailChanged>({ positions, subscribers: { search: ({ version }) => heard.push(version) } });
  const event: EmailChanged = { type: "EmailChanged", from: "a@example", to: "b@example" };
  const having = (...versions: readonly number[]) => ({
    read: async ({ fromVersion = 1 } = {}) =>
      versions.filter((version) => version >= fromVersion).map((version) => ({ version, timeMs: 0, event })),
  });
  await bus.relay("gap", having(1, 2, 4));
  expect(heard).toEqual([1, 2]);
  await bus.relay("gap", having(1, 2, 3, 4));
  expect(heard).toEqual([1, 2, 3, 4]);
});

test("no two subscribers share a position, whatever they and their streams are called", async () => {
  const user = open(User, "names");
  await user.changeEmail("b@example");
  const heard: string[] = [];
  const bus = eventBus<EmailChanged>({
    positions: user.positions,
    subscribers: { a: ({ id }) => heard.push(`a: ${id}`), "a b": ({ id }) => heard.push(`a b: ${id}`) },
  });
  for (const stream of ["b c", "c"]) await bus.relay(stream, user.outbox);
  expect(heard.sort()).toEqual(["a b: b c@1", "a b: c@1", "a: b c@1", "a: c@1"]);
});
