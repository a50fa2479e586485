import { Linearizable, Replicated, register, trueTime } from "@faultline/runtime";
import { clockSkew, scenario } from "@faultline/runtime/simulation";

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

/** Clocks as they should be: none is off by more than the 7 ms that everybody reckons with. */
const world = {
  regions: ["frankfurt", "zurich", "milan"],
  faults: [clockSkew("frankfurt", 6), clockSkew("zurich", -6)],
} as const;

/** The shop books the payment, then calls the warehouse, which looks the order up. */
export const paidOrder = scenario("a paid order is shipped", world, async ({ session, sleep, random, check }) => {
  const [shop, warehouse] = [session("frankfurt"), session("zurich")];
  await sleep(random() * 1_000);
  await shop.open(Order, "#88").pay();
  await sleep(2 + random() * 10);
  await check("the warehouse sees the payment", () => warehouse.open(Order, "#88").isPaid());
});

/** The same call by the same clocks. */
export const paidOrderFixed = scenario(
  "a paid order is shipped when commits wait",
  world,
  async ({ session, sleep, random, check }) => {
    const [shop, warehouse] = [session("frankfurt"), session("zurich")];
    await sleep(random() * 1_000);
    await shop.open(SafeOrder, "#88").pay();
    await sleep(2 + random() * 10);
    await check("the warehouse sees the payment", () => warehouse.open(SafeOrder, "#88").isPaid());
  },
);
