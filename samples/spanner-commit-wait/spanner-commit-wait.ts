import { Linearizable, Replicated, register, Transaction, trueTime } from "@faultline/runtime";
import { clockSkew, type ScenarioContext, scenario } from "@faultline/runtime/simulation";

/** An order in a database that orders by timestamps. Whoever commits is told at once, whatever the timestamp says. */
@Replicated()
export class Order {
  @Linearizable({ mechanism: trueTime({ epsilonMs: 7, commitWait: false }) }) // finding: no-overclaimed-level
  readonly state = register("open");

  constructor(readonly id: string) {}

  async pay(): Promise<void> {
    await this.state.write("paid");
  }

  async isPaid(): Promise<boolean> {
    return (await this.state.read()) === "paid";
  }
}

/** The right one: nobody is told of a commit before its timestamp has passed on every clock. */
@Replicated()
export class SafeOrder {
  @Linearizable({ mechanism: trueTime({ epsilonMs: 7, commitWait: true }) }) readonly state = register("open");

  constructor(readonly id: string) {}

  async pay(): Promise<void> {
    await this.state.write("paid");
  }

  async isPaid(): Promise<boolean> {
    return (await this.state.read()) === "paid";
  }
}

/** Accounts are spread over shards, each a Raft group of its own: a transfer between two is a two-phase commit. */
@Replicated()
export class Account {
  @Linearizable({ mechanism: trueTime() }) readonly balance = register(100);

  constructor(readonly id: string) {}

  async deposit(amount: number): Promise<void> {
    await this.balance.update((balance) => balance + amount);
  }

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((balance) => balance - amount);
    await to.balance.update((balance) => balance + amount);
  }
}

/** The same write by clocks of atoms, by those of the paper, and by what a time service keeps on a bad day. */
@Replicated()
export class Clocked {
  @Linearizable({ mechanism: trueTime({ epsilonMs: 1 }) }) readonly byAtoms = register(0);
  @Linearizable({ mechanism: trueTime({ epsilonMs: 7 }) }) readonly bySpanner = register(0);
  @Linearizable({ mechanism: trueTime({ epsilonMs: 100 }) }) readonly byTimeService = register(0);

  constructor(readonly id: string) {}

  async write(value: number): Promise<void> {
    await this.byAtoms.write(value);
    await this.bySpanner.write(value);
    await this.byTimeService.write(value);
  }
}

/** Clocks as they should be: none is off by more than the 7 ms that everybody reckons with. */
const regions = ["frankfurt", "zurich", "milan"] as const;
const world = { regions, faults: [clockSkew("frankfurt", 6), clockSkew("zurich", -6)] };

/** The shop books the payment, then calls the warehouse, which looks the order up. */
export const paidOrder = scenario(
  "a paid order is shipped",
  world,
  async ({ session, sleep, random, check, now, measure }) => {
    const [shop, warehouse] = [session("frankfurt"), session("zurich")];
    await sleep(random() * 1_000);
    const askedMs = now();
    await shop.open(Order, "#88").pay();
    measure("paying takes", now() - askedMs, { unit: "ms" });
    await sleep(2 + random() * 10);
    await check("the warehouse sees the payment", () => warehouse.open(Order, "#88").isPaid());
  },
);

/** The same call by the same clocks. */
export const paidOrderFixed = scenario(
  "a paid order is shipped when commits wait",
  world,
  async ({ session, sleep, random, check, now, measure }) => {
    const [shop, warehouse] = [session("frankfurt"), session("zurich")];
    await sleep(random() * 1_000);
    const askedMs = now();
    await shop.open(SafeOrder, "#88").pay();
    measure("paying takes", now() - askedMs, { unit: "ms" });
    await sleep(2 + random() * 10);
    await check("the warehouse sees the payment", () => warehouse.open(SafeOrder, "#88").isPaid());
  },
);

/** One write after another in Frankfurt, the next replica 300 km away: what is left is the wait for what clocks might be. */
export const commitWaitMeasured = scenario(
  "how long a commit waits",
  { regions },
  async ({ session, check, now, measure }) => {
    const { byAtoms, bySpanner, byTimeService } = session("frankfurt").open(Clocked, "x");
    const cells = [byAtoms, bySpanner, byTimeService];
    for (const [index, epsilonMs] of [1, 7, 100].entries()) {
      const askedMs = now();
      await cells[index]?.write(1);
      measure(`a write with ε = ${epsilonMs} ms`, now() - askedMs, { unit: "ms", claim: `2ε = ${2 * epsilonMs} ms` });
    }
    await check("they are there", async () => (await bySpanner.read()) === 1);
  },
);

interface Place {
  readonly from: string;
  readonly unit: string;
  readonly unitMs: number;
  readonly claim?: string;
}

/** What a payment in one shard and a transfer between two wait for: the accounts of Alice and Carol are in different ones. */
async function pay(
  { session, sleep, random, now, measure, converged }: ScenarioContext<string>,
  { from, unitMs, ...options }: Place,
): Promise<void> {
  const customer = session(from);
  const timed = async (name: string, work: () => Promise<void>) => {
    await sleep(random() * 1_000);
    const askedMs = now();
    await work();
    measure(name, (now() - askedMs) / unitMs, options);
  };
  const [alice, carol] = [customer.open(Account, "alice"), customer.open(Account, "carol")];
  await timed("a write in one shard", () => customer.open(SafeOrder, "#88").pay());
  await timed("a transfer between two", () => alice.transfer(carol, 30));
  converged("no money is lost", async (reader) => {
    return (
      (await reader.open(Account, "alice").balance.read()) + (await reader.open(Account, "carol").balance.read()) ===
      200
    );
  });
}

export const neighboursMeasured = scenario("writes between neighbours", { regions }, (context) =>
  pay(context, { from: "frankfurt", unit: "ms", unitMs: 1 }),
);

export const continentsMeasured = scenario(
  "writes between continents",
  { regions: ["nyc", "london", "tokyo"] },
  (context) => pay(context, { from: "nyc", unit: "ms", unitMs: 1, claim: "100–500 ms" }),
);

/** On the equator, a third of the way round the Earth from each other: 13,343 km, twice that is a round trip. */
const thirds = ["west", "middle", "east"].map((name, index) => ({ name, latitude: 0, longitude: 120 * (index - 1) }));

export const roundTripsMeasured = scenario("writes in round trips", { regions: thirds }, (context) =>
  pay(context, { from: "middle", unit: "round trips", unitMs: (2 * 13_343) / 199.862, claim: "2 at least" }),
);
