import { expect, test } from "vitest";
import { type Commit, type Event, eventStream } from "../eventsourcing/index.js";
import { AnnotationError, Eventual, log, map, open, Replicated, register, Sequential } from "../index.js";
import { explore, randomFaults, scenario } from "../simulation/index.js";
import { eventBus, inbox } from "./index.js";

type Ordered = Event<"Ordered", { item: string }>;

const orders = {
  initialState: undefined,
  decide: (item: string): readonly Ordered[] => [{ type: "Ordered", item }],
  evolve: () => undefined,
};

@Replicated()
@Sequential()
class Shop {
  readonly commits = log<Commit<Ordered>>();
  readonly received = map<string, number>();
  readonly letters = register<readonly string[]>([]);
  // Where a relay believes to be is lost now and then.
  @Eventual() readonly positions = map<string, number>();
  readonly stream = eventStream(this.commits, { decider: orders, now: () => 0 });
  readonly inbox = inbox(this.received);
  readonly bus = eventBus<Ordered>({
    positions: this.positions,
    subscribers: {
      letters: (delivery) =>
        this.inbox.handle(delivery, () => this.letters.update((letters) => [...letters, delivery.event.item])),
    },
  });

  constructor(readonly id: string) {}
}

test("a delivery is handled once, and one version a stream is all that is kept", async () => {
  const shop = open(Shop, "once");
  for (const item of ["tea", "milk", "salt"]) await shop.stream.execute(item);
  await shop.bus.relay("once", shop.stream);
  await shop.positions.delete("letters once");
  await shop.bus.relay("once", shop.stream);
  expect(await shop.letters.read()).toEqual(["tea", "milk", "salt"]);
  expect(await shop.received.entries()).toEqual([["once", 3]]);
});

test("what throws was not handled, and comes again", async () => {
  const { inbox, received } = open(Shop, "throws");
  const delivery = { stream: "s", version: 1 };
  await expect(inbox.handle(delivery, () => Promise.reject(new Error("no paper")))).rejects.toThrow("no paper");
  expect(await received.entries()).toEqual([]);
  expect([await inbox.handle(delivery, async () => 0), await inbox.handle(delivery, async () => 0)]).toEqual([
    ...[true, false],
  ]);
});

test("a delivery before which others are missing is refused, as those would never be handled", async () => {
  const { inbox, received } = open(Shop, "gap");
  const early = inbox.handle({ stream: "s", version: 3 }, async () => 0);
  await expect(early).rejects.toThrow(AnnotationError);
  await expect(early).rejects.toThrow("Version 3 of `s` was delivered, and the last one before it was 0.");
  await received.put("s", 2); // as its help says
  expect(await inbox.handle({ stream: "s", version: 3 }, async () => 0)).toBe(true);
});

const regions = ["nyc", "london", "tokyo"] as const;

const twoRelays = scenario("one letter for each order", { regions, faults: randomFaults() }, async (context) => {
  const { session, sleep, random, converged } = context;
  const ordering = (async () => {
    for (const item of ["tea", "milk", "salt"]) {
      await sleep(random() * 300);
      await session("nyc")
        .open(Shop, "shop")
        .stream.execute(item)
        .catch(() => undefined);
    }
  })();
  const relaying = (["london", "tokyo"] as const).map(async (region) => {
    const { bus, stream } = session(region).open(Shop, "shop");
    for (let i = 0; i < 4; i++) {
      await sleep(random() * 300);
      await bus.relay("shop", stream).catch(() => undefined);
    }
  });
  await Promise.all([ordering, ...relaying]);
  converged("as many letters as orders, in their order", async (reader) => {
    const { bus, stream, letters } = reader.open(Shop, "shop");
    await bus.relay("shop", stream);
    const ordered = (await stream.read()).map(({ event }) => event.item);
    return (await letters.read()).join() === ordered.join();
  });
});

test("two relays that do not know of each other, with faults: each order is handled once", async () => {
  const { outcome, violations } = await explore(twoRelays, { schedules: 60, seed: 1 });
  expect([outcome, violations]).toEqual(["holds", []]);
});
