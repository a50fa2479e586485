import { isIndeterminate, isUnavailable, Linearizable, log, map, Replicated, raft } from "@faultline/runtime";
import { isolate, partition, type ScenarioContext, scenario } from "@faultline/runtime/simulation";

/** Orders in a replicated log. What could not be replicated has not happened, so the shop is told `false` and asks again. */
@Replicated()
export class Orders {
  @Linearizable({ mechanism: raft() }) readonly placed = log<string>();

  constructor(readonly id: string) {}

  async place(order: string): Promise<boolean> {
    try {
      await this.placed.append(order);
      return true;
      // finding: no-swallowed-indeterminate
    } catch (error) {
      if (isUnavailable(error) || isIndeterminate(error)) return false;
      throw error;
    }
  }
}

/** The right one: an order has a number of its own, so that asking again does no more than the first time did. */
@Replicated()
export class NumberedOrders {
  @Linearizable({ mechanism: raft({ reads: "readIndex" }) }) readonly placed = map<string, string>();

  constructor(readonly id: string) {}

  async place(number: string, order: string): Promise<void> {
    await this.placed.put(number, order);
  }
}

/** Five nodes survive the loss of two. Which two stand in one place is for the regions to say. */
@Replicated()
export class FiveNodes {
  @Linearizable({ mechanism: raft({ replicas: 5 }) }) readonly placed = map<string, string>();

  constructor(readonly id: string) {}

  async place(number: string, order: string): Promise<void> {
    await this.placed.put(number, order);
  }
}

const world = {
  regions: ["virginia", "ohio", "oregon"],
  faults: [isolate("virginia", { fromMs: 500, untilMs: 4_000 })],
} as const;

/** A shop in Virginia sends an order off just when Virginia is cut off, and again until it is told that it is placed. */
export const repeatedOrder = scenario(
  "an order is placed once",
  world,
  async ({ session, sleep, random, converged }) => {
    const orders = session("virginia").open(Orders, "today");
    await sleep(440 + random() * 80);
    while (!(await orders.place("lamp for ann"))) await sleep(500);
    converged("one lamp for Ann", async (reader) => (await reader.open(Orders, "today").placed.entries()).length === 1);
  },
);

/** The same shop, as stubborn, with a number. */
export const repeatedOrderFixed = scenario(
  "a numbered order is placed once",
  world,
  async ({ session, sleep, random, converged }) => {
    const orders = session("virginia").open(NumberedOrders, "today");
    await sleep(440 + random() * 80);
    while (!(await isAnswered(orders.place("#7", "lamp for ann")))) await sleep(500);
    converged("one lamp for Ann", async (reader) => {
      return (await reader.open(NumberedOrders, "today").placed.entries()).length === 1;
    });
  },
);

async function isAnswered(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isUnavailable(error) || isIndeterminate(error)) return false;
    throw error;
  }
}

const virginiaAway = isolate("virginia", { fromMs: 2_000, untilMs: 20_000 });

/** Two data centres, three nodes in the first and two in the second, and the first is gone. */
export const twoPlaces = scenario(
  "ohio takes orders while virginia is away",
  { regions: ["virginia", "ohio"], faults: [virginiaAway] },
  async ({ session, sleep, check }) => {
    const orders = session("ohio").open(FiveNodes, "today");
    await orders.place("#6", "lamp for bob");
    await sleep(3_000);
    const taken = await isAnswered(orders.place("#7", "lamp for ann"));
    await check("the order is taken", () => taken);
  },
);

/** The same five nodes in three places, two, two and one: whichever is gone, three are left. */
export const threePlacesFixed = scenario(
  "ohio takes orders while virginia is away, with oregon",
  { regions: ["virginia", "ohio", "oregon"], faults: [virginiaAway] },
  async ({ session, sleep, check }) => {
    const orders = session("ohio").open(FiveNodes, "today");
    await orders.place("#6", "lamp for bob");
    await sleep(3_000);
    const taken = await isAnswered(orders.place("#7", "lamp for ann"));
    await check("the order is taken", () => taken);
  },
);

const cutMs = 1_000;
const healMs = 10_000;

/** A shop on either side of a cut orders every now and then, for the last time when its answer still comes before the heal. */
async function trade<R extends string>(
  { session, sleep, random, now, measure, check }: ScenarioContext<R>,
  { minority, majority, claim }: { readonly minority: R; readonly majority: R; readonly claim: string },
): Promise<void> {
  const shop = async (region: R, side: string) => {
    const orders = session(region).open(NumberedOrders, region);
    let asked = 0;
    let answered = 0;
    for (let number = 1; now() < 7_400; number++) {
      await sleep(random() * 500);
      const askedMs = now();
      const wasAnswered = await isAnswered(orders.place(`#${number}`, "lamp"));
      if (now() <= cutMs) {
        measure(`${region}, a write before the cut`, now() - askedMs, { unit: "ms", claim: "100–500 ms" });
      } else if (askedMs > cutMs) {
        asked++;
        if (wasAnswered) answered++;
        if (wasAnswered) measure(`${side}, a write while cut`, now() - askedMs, { unit: "ms" });
      }
    }
    if (asked > 0) measure(`${side}, answered while cut`, (100 * answered) / asked, { unit: "%", claim });
    return answered;
  };
  const [less, more] = await Promise.all([shop(minority, "minority"), shop(majority, "majority")]);
  await check("only the majority goes on", () => less === 0 && more > 0);
}

export const threeNodesMeasured = scenario(
  "three nodes, one cut off",
  { faults: [isolate("nyc", { fromMs: cutMs, untilMs: healMs })] },
  (context) => trade(context, { minority: "nyc", majority: "london", claim: "99.99 %, survives 1" }),
);

const minority = ["nyc", "london"] as const;
const majority = ["tokyo", "sydney", "sao-paulo"] as const;

export const fiveNodesMeasured = scenario(
  "five nodes, two cut off",
  {
    regions: [...minority, ...majority],
    faults: [partition([minority, majority], { fromMs: cutMs, untilMs: healMs })],
  },
  (context) => trade(context, { minority: "nyc", majority: "tokyo", claim: "99.999 %, survives 2" }),
);

/** Racks of one data centre, a few hundred metres apart. */
const racks = ["a", "b", "c", "d", "e"].map((rack, index) => ({
  ...{ name: `rack ${rack}`, latitude: 39.04, longitude: -77.48 + index / 500 },
}));

/** Everybody orders at once: the leader serves one message after another, 50,000 a second, and is what all wait for. */
async function rush({ session, now, measure, check }: ScenarioContext<string>): Promise<void> {
  const shop = session("rack b");
  const aloneMs = now();
  await shop.open(NumberedOrders, "alone").place("#0", "lamp");
  measure("a write alone", now() - aloneMs, { unit: "ms", claim: "10–50 ms" });

  const startMs = now();
  const places = Array.from({ length: 200 }, (_, index) =>
    shop.open(NumberedOrders, `${index % 10}`).place(`#${index}`, "lamp"),
  );
  const placed = await Promise.all(places.map(isAnswered));
  measure("writes a second", (1_000 * placed.length) / (now() - startMs), { claim: "10,000–50,000" });
  await check("all are answered", () => placed.every((each) => each));
}

export const threeRacksMeasured = scenario("a rush on three nodes", { regions: racks.slice(0, 3) }, rush);

export const fiveRacksMeasured = scenario("a rush on five nodes", { regions: racks }, rush);
