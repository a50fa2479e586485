import { log, orderedLog, Replicated, Sequential } from "@faultline/runtime";
import { partition, scenario } from "@faultline/runtime/simulation";

interface Message {
  readonly key: string;
  readonly event: "placed" | "paid" | "shipped";
}

/** A topic with a partition for each kind of event, so that no leader has to take them all. Each has an order of its own. */
@Replicated()
export class Topic {
  @Sequential({ mechanism: orderedLog({ partition: "orders" }) })
  readonly orders = log<Message>();
  @Sequential({ mechanism: orderedLog({ partition: "payments" }) })
  readonly payments = log<Message>();

  constructor(readonly name: string) {}

  async place(key: string): Promise<void> {
    await this.orders.append({ key, event: "placed" });
  }

  async pay(key: string): Promise<void> {
    await this.payments.append({ key, event: "paid" });
  }

  /** What a consumer finds that polls both: payments of orders it has never heard of. */
  async orphans(): Promise<readonly string[]> {
    const payments = await this.payments.entries();
    const orders = await this.orders.entries();
    return payments.map(({ key }) => key).filter((key) => !orders.some((order) => order.key === key));
  }
}

/** The right one: what belongs together has one key, and a key has one partition. */
@Replicated()
export class KeyedTopic {
  @Sequential({ mechanism: orderedLog({ partition: "0" }) })
  readonly even = log<Message>();
  @Sequential({ mechanism: orderedLog({ partition: "1" }) })
  readonly odd = log<Message>();

  constructor(readonly name: string) {}

  async place(key: string): Promise<void> {
    await this.partitionOf(key).append({ key, event: "placed" });
  }

  async pay(key: string): Promise<void> {
    await this.partitionOf(key).append({ key, event: "paid" });
  }

  async orphans(): Promise<readonly string[]> {
    const messages = [...(await this.even.entries()), ...(await this.odd.entries())];
    const placed = new Set<string>();
    const orphans: string[] = [];
    for (const { key, event } of messages) {
      if (event === "placed") placed.add(key);
      else if (!placed.has(key)) orphans.push(key);
    }
    return orphans;
  }

  /** Whatever distributes keys evenly, and always says the same of one. */
  private partitionOf(key: string): KeyedTopic["even"] {
    let sum = 0;
    for (const character of key) sum += character.charCodeAt(0);
    return sum % 2 === 0 ? this.even : this.odd;
  }
}

const regions = ["nyc", "london", "tokyo"] as const;
type Region = (typeof regions)[number];

const cable = { regions, faults: [partition([["nyc"], ["tokyo"]], { untilMs: 1_500 })] } as const;

/** An order is placed and then paid. The warehouse, in Tokyo, ships what is paid; no line goes there from New York. */
export const checkout = scenario("what is paid was placed", cable, async ({ session, sleep, random, check }) => {
  const shop = session("nyc").open(Topic, "shop");
  await shop.place("order-7");
  await shop.pay("order-7");
  await sleep(random() * 1_000);
  const warehouse = session("tokyo").open(Topic, "shop");
  await check("every payment has its order", async () => (await warehouse.orphans()).length === 0);
});

/** The same order under one key. */
export const checkoutFixed = scenario(
  "what is paid was placed when both have one key",
  cable,
  async ({ session, sleep, random, check }) => {
    const shop = session("nyc").open(KeyedTopic, "shop");
    await shop.place("order-7");
    await shop.pay("order-7");
    await sleep(random() * 1_000);
    const warehouse = session("tokyo").open(KeyedTopic, "shop");
    await check("every payment has its order", async () => (await warehouse.orphans()).length === 0);
  },
);

/** Two consumers note what came first, an order or a payment that has nothing to do with it. */
export const twoConsumers = scenario(
  "two consumers see one order",
  { regions },
  async ({ session, sleep, random, check }) => {
    const consume = async (region: Region) => {
      const topic = session(region).open(Topic, "shop");
      await sleep(50 + random() * 150);
      const placed = (await topic.orders.entries()).length;
      const paid = (await topic.payments.entries()).length;
      return placed === paid ? "either" : placed > paid ? "the order" : "the payment";
    };
    const [london, tokyo] = await Promise.all([
      consume("london"),
      consume("tokyo"),
      session("london").open(Topic, "shop").place("order-8"),
      session("tokyo").open(Topic, "shop").pay("order-7"),
    ]);
    await check("they agree which came first", () => london === "either" || tokyo === "either" || london === tokyo);
  },
);

/** Eight messages to one partition, from two regions: every consumer sees the same log, as far as it has come. */
export const onePartitionFixed = scenario(
  "all consumers see the order of a partition",
  { regions },
  async ({ session, sleep, random, now, check, measure }) => {
    const produce = async (region: Region) => {
      const { orders } = session(region).open(Topic, "shop");
      for (let i = 0; i < 4; i++) {
        const sentAt = now();
        await orders.append({ key: `${region}-${i}`, event: "placed" });
        measure(`acknowledged in ${region} after`, now() - sentAt, { unit: "ms" });
      }
    };
    const seen: string[][] = [];
    const consume = async (region: Region) => {
      const { orders } = session(region).open(Topic, "shop");
      for (let polls = 0; polls < 6; polls++) {
        await sleep(random() * 200);
        seen.push((await orders.entries()).map(({ key }) => key));
      }
    };
    await Promise.all([produce("nyc"), produce("tokyo"), ...regions.map(consume)]);
    const longest = seen.reduce((a, b) => (a.length < b.length ? b : a));
    await check("1, 2, 3, 4 for everyone", () => seen.every((keys) => keys.every((key, i) => key === longest[i])));
  },
);
