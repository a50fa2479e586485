import { Eventual, lastWriterWins, Replicated, register, set } from "@faultline/runtime";
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
