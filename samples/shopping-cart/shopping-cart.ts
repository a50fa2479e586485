import { Eventual, lastWriterWins, primaryReplica, Replicated, register, set } from "@faultline/runtime";
import { partition, scenario } from "@faultline/runtime/simulation";

/** A cart as one value: whoever writes last replaces the whole list, with what others had put into it. */
@Replicated()
export class Cart {
  @Eventual({ merge: lastWriterWins }) readonly items = register<readonly string[]>([]);

  constructor(readonly id: string) {}

  async add(item: string): Promise<void> {
    await this.items.update((items) => (items.includes(item) ? items : [...items, item]));
  }

  async remove(item: string): Promise<void> {
    await this.items.update((items) => items.filter((each) => each !== item));
  }

  async contents(): Promise<readonly string[]> {
    return [...(await this.items.read())].sort();
  }
}

/** The right one: a set knows each item by itself, so that two replicas can be merged without choosing between them. */
@Replicated()
export class SetCart {
  @Eventual() readonly items = set<string>();

  constructor(readonly id: string) {}

  async add(item: string): Promise<void> {
    await this.items.add(item);
  }

  async remove(item: string): Promise<void> {
    await this.items.delete(item);
  }

  async contents(): Promise<readonly string[]> {
    return [...(await this.items.values())].sort();
  }
}

const world = {
  regions: ["nyc", "london", "tokyo"],
  faults: [partition([["nyc", "tokyo"], ["london"]], { fromMs: 500, untilMs: 2_500 })],
} as const;

/** One household, one cart: she shops from a phone in New York, he from a laptop in London, while the cable is down. */
export const splitCart = scenario(
  "a cart keeps what both put in",
  world,
  async ({ session, sleep, random, converged }) => {
    converged("book and lamp are in the cart, the pen is not", async (reader) => {
      const contents = await reader.open(Cart, "household").contents();
      return contents.join(", ") === "book, lamp";
    });

    const phone = async () => {
      const cart = session("nyc").open(Cart, "household");
      await sleep(random() * 1_000);
      await cart.add("pen");
      await cart.add("book");
      await sleep(random() * 1_000);
      await cart.remove("pen");
    };
    const laptop = async () => {
      const cart = session("london").open(Cart, "household");
      await sleep(random() * 2_000);
      await cart.add("lamp");
    };
    await Promise.all([phone(), laptop()]);
  },
);

/** The same shopping in the same partition, with the set. */
export const splitCartFixed = scenario(
  "a cart that is a set keeps what both put in",
  world,
  async ({ session, sleep, random, converged }) => {
    converged("book and lamp are in the cart, the pen is not", async (reader) => {
      const contents = await reader.open(SetCart, "household").contents();
      return contents.join(", ") === "book, lamp";
    });

    const phone = async () => {
      const cart = session("nyc").open(SetCart, "household");
      await sleep(random() * 1_000);
      await cart.add("pen");
      await cart.add("book");
      await sleep(random() * 1_000);
      await cart.remove("pen");
    };
    const laptop = async () => {
      const cart = session("london").open(SetCart, "household");
      await sleep(random() * 2_000);
      await cart.add("lamp");
    };
    await Promise.all([phone(), laptop()]);
  },
);

const window = { unit: "ms", claim: "100 ms to 1 s, 99 % below 1 s" } as const;

/** How long Europe does not see what America has put in, and America what Europe has: without faults. */
export const windowMeasured = scenario(
  "how long an item is missing elsewhere",
  { regions: ["virginia", "dublin"] },
  async ({ session, sleep, random, now, measure, converged }) => {
    const [american, european] = [session("virginia").open(SetCart, "me"), session("dublin").open(SetCart, "me")];
    const appears = async (cart: SetCart, item: string): Promise<number> => {
      while (!(await cart.contents()).includes(item)) await sleep(10);
      return now();
    };
    const addedAt = now();
    await american.add("book");
    measure("the book appears in virginia after", (await appears(american, "book")) - addedAt, {
      unit: "ms",
      claim: "immediately",
    });
    // finding: no-stale-read-after-write
    const seen = appears(european, "book").then((seenAt) => measure("and in dublin after", seenAt - addedAt, window));
    await sleep(random() * 1_000);
    const lampAt = now();
    await european.add("lamp");
    await seen;
    // finding: no-stale-read-after-write
    measure("the lamp appears in virginia after", (await appears(american, "lamp")) - lampAt, window);
    measure("both have both, after the lamp", now() - lampAt, { unit: "ms", claim: "30 s" });
    converged("both have both", async (reader) => (await reader.open(SetCart, "me").contents()).join() === "book,lamp");
  },
);

/** As the document draws DynamoDB: one primary takes each write and answers, others get it later, any of them is read. */
@Replicated()
export class TableCart {
  @Eventual({ mechanism: primaryReplica({ acknowledge: "async", reads: "local" }) }) readonly items = set<string>();

  constructor(readonly id: string) {}

  async add(item: string): Promise<void> {
    await this.items.add(item);
  }

  async contents(): Promise<readonly string[]> {
    return [...(await this.items.values())].sort();
  }
}

/** The same with one primary, in Virginia: Europe reads at home, and writes across the ocean. */
export const tableMeasured = scenario(
  "how long an item is missing where one primary writes",
  { regions: ["virginia", "dublin"] },
  async ({ session, sleep, random, now, measure, converged }) => {
    const [american, european] = [session("virginia").open(TableCart, "me"), session("dublin").open(TableCart, "me")];
    const addedAt = now();
    await american.add("book");
    measure("a write in virginia takes", now() - addedAt, { unit: "ms" });
    while (!(await european.contents()).includes("book")) await sleep(10);
    measure("the book appears in dublin after", now() - addedAt, window);
    await sleep(random() * 1_000);
    const lampAt = now();
    await european.add("lamp");
    measure("a write in dublin takes", now() - lampAt, { unit: "ms" });
    converged(
      "both have both",
      async (reader) => (await reader.open(TableCart, "me").contents()).join() === "book,lamp",
    );
  },
);
