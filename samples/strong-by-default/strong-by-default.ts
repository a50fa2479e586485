import {
  Available,
  Causal,
  counter,
  Deadline,
  Eventual,
  Invariant,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  Replicated,
  register,
  Transaction,
} from "@faultline/runtime";
import { isolate, type ScenarioContext, scenario } from "@faultline/runtime/simulation";

/** A product page of a team that agreed on one level for everything, the safe one: then nobody has to think about it. */
@Replicated()
export class Product {
  @Linearizable() readonly description = register("a lamp");
  @Linearizable() readonly pageViews = counter(); // finding: no-strong-counter
  @Linearizable() readonly likes = counter(); // finding: no-strong-counter
  @Linearizable() readonly stock = counter();

  constructor(readonly id: string) {}

  @Available() // finding: no-cap-impossible-write
  @Deadline(50) // finding: no-impossible-latency
  async visit(): Promise<string> {
    await this.pageViews.increment();
    return await this.description.read();
  }

  async like(): Promise<void> {
    await this.likes.increment();
  }

  async restock(): Promise<void> {
    await this.stock.increment(3);
  }

  @Transaction()
  async sell(): Promise<void> {
    if ((await this.stock.read()) < 1) throw new NotEnoughError("sold out");
    await this.stock.decrement();
  }

  @Invariant("nothing is sold that is not there")
  async covered(): Promise<boolean> {
    return (await this.stock.read()) >= 0;
  }
}

@Replicated()
export class Customer {
  @Linearizable() readonly theme = register("light"); // finding: no-overkill-level
  @Linearizable() readonly lastSeen = register(0); // finding: no-overkill-level
  @Linearizable() readonly profile = register("");
  @Linearizable() readonly balance = register(50);

  constructor(readonly id: string) {}

  async switchTo(theme: string): Promise<void> {
    await this.theme.write(theme);
  }

  async seeOn(day: number): Promise<void> {
    await this.lastSeen.write(day);
  }

  async introduce(profile: string): Promise<void> {
    await this.profile.write(profile);
  }

  async askFor(product: Product): Promise<void> {
    await product.restock();
  }

  @Transaction()
  async buy(product: Product, price: number): Promise<void> {
    await this.balance.update((balance) => pay(balance, price));
    await product.sell();
  }

  @Invariant("no account is overdrawn")
  async solvent(): Promise<boolean> {
    return (await this.balance.read()) >= 0;
  }
}

/** The right one: each field has the level that it needs. Only what can be sold or spent once waits for a majority. */
@Replicated()
export class ChosenProduct {
  @Causal() readonly description = register("a lamp");
  @Eventual() readonly pageViews = counter();
  @Eventual() readonly likes = counter();
  @Linearizable() readonly stock = counter();

  constructor(readonly id: string) {}

  @Available()
  @Deadline(50)
  async visit(): Promise<string> {
    await this.pageViews.increment();
    return await this.description.read();
  }

  async like(): Promise<void> {
    await this.likes.increment();
  }

  async restock(): Promise<void> {
    await this.stock.increment(3);
  }

  @Transaction()
  async sell(): Promise<void> {
    if ((await this.stock.read()) < 1) throw new NotEnoughError("sold out");
    await this.stock.decrement();
  }

  @Invariant("nothing is sold that is not there")
  async covered(): Promise<boolean> {
    return (await this.stock.read()) >= 0;
  }
}

@Replicated()
export class ChosenCustomer {
  @Causal() readonly theme = register("light");
  @Eventual() readonly lastSeen = register(0);
  @Causal() readonly profile = register("");
  @Linearizable() readonly balance = register(50);

  constructor(readonly id: string) {}

  async switchTo(theme: string): Promise<void> {
    await this.theme.write(theme);
  }

  async seeOn(day: number): Promise<void> {
    await this.lastSeen.write(day);
  }

  async introduce(profile: string): Promise<void> {
    await this.profile.write(profile);
  }

  async askFor(product: ChosenProduct): Promise<void> {
    await product.restock();
  }

  @Transaction()
  async buy(product: ChosenProduct, price: number): Promise<void> {
    await this.balance.update((balance) => pay(balance, price));
    await product.sell();
  }

  @Invariant("no account is overdrawn")
  async solvent(): Promise<boolean> {
    return (await this.balance.read()) >= 0;
  }
}

class NotEnoughError extends Error {
  override readonly name = "NotEnoughError";
}

function pay(balance: number, price: number): number {
  if (balance < price) throw new NotEnoughError(`${price} asked for, ${balance} there`);
  return balance - price;
}

const cutMs = 1_000;
const world = { faults: [isolate("tokyo", { fromMs: cutMs, untilMs: 10_000 })] };

type Session = ReturnType<ScenarioContext<string>["session"]>;

const strongShop = (client: Session, customer: string) => {
  const lamp = client.open(Product, "lamp");
  const person = client.open(Customer, customer);
  return { lamp, person, buy: () => person.buy(lamp, 30) };
};

const chosenShop = (client: Session, customer: string) => {
  const lamp = client.open(ChosenProduct, "lamp");
  const person = client.open(ChosenCustomer, customer);
  return { lamp, person, buy: () => person.buy(lamp, 30) };
};

type Shop = typeof strongShop | typeof chosenShop;

/** Ann in Tokyo looks at a lamp, and again while Tokyo is cut off. She likes it, and turns the lights down. */
async function spendEvening({ session, sleep, random, check }: ScenarioContext<string>, shop: Shop): Promise<void> {
  const { lamp, person: ann } = shop(session("tokyo"), "ann");
  await lamp.visit();
  await sleep(cutMs + random() * 500);
  const isShown = await isAnswered(lamp.visit());
  await check("the page is shown", () => isShown);
  const isLiked = await isAnswered(lamp.like());
  await check("the like is taken", () => isLiked);
  const isDark = await isAnswered(ann.switchTo("dark"));
  await check("the theme is changed", () => isDark);
}

export const evening = scenario("an evening in tokyo", world, (context) => spendEvening(context, strongShop));

export const eveningFixed = scenario("an evening in tokyo with a level for each field", world, (context) =>
  spendEvening(context, chosenShop),
);

/** Somebody in each region visits the page now and then, before and after Tokyo is cut off, and somebody else buys a lamp. */
async function spendDay(
  { session, sleep, random, now, measure }: ScenarioContext<string>,
  shop: Shop,
  claim: { readonly visit: string; readonly answered: string },
): Promise<void> {
  const visitor = async (region: string) => {
    const { lamp } = shop(session(region), region);
    let asked = 0;
    let answered = 0;
    while (now() < 3_400) {
      await sleep(random() * 200);
      const askedMs = now();
      const wasAnswered = await isAnswered(lamp.visit());
      if (now() <= cutMs) measure(`${region}, a visit`, now() - askedMs, { unit: "ms", claim: claim.visit });
      if (askedMs <= cutMs) continue;
      asked++;
      if (wasAnswered) answered++;
    }
    measure(`${region}, visits answered while cut`, (100 * answered) / asked, { unit: "%", claim: claim.answered });
  };
  const buyer = async (region: string) => {
    const { buy } = shop(session(region), region);
    await sleep(cutMs + 200 + random() * 300);
    await isAnswered(buy());
  };
  await shop(session("nyc"), "the shop").lamp.restock();
  await Promise.all(["nyc", "london", "tokyo"].flatMap((region) => [visitor(region), buyer(region)]));
}

export const strongMeasured = scenario("everything linearizable", world, (context) =>
  spendDay(context, strongShop, { visit: "300 ms", answered: "99 %" }),
);

export const chosenMeasured = scenario("a level for each field", world, (context) =>
  spendDay(context, chosenShop, { visit: "50 ms", answered: "99.9 %" }),
);

async function isAnswered(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isUnavailable(error) || isIndeterminate(error)) return false;
    throw error;
  }
}
