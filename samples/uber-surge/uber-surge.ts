import {
  Causal,
  Eventual,
  endorse,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  map,
  Replicated,
  register,
  set,
} from "@faultline/runtime";
import { type ScenarioContext, type Session, scenario } from "@faultline/runtime/simulation";
import {
  ExpiredError,
  fareAt,
  fiveMinutesMs,
  type Hex,
  hexagons,
  manhattan,
  mostSurge,
  type Quote,
  smoothed,
  wantedSurge,
} from "./hexagons.js";

/** The first attempt: one service for the world, so that there is one true price. What is linearizable must be right. */
@Replicated()
@Linearizable()
export class GlobalPricing {
  readonly drivers = map<string, Hex>();
  readonly requests = map<string, Hex>();

  constructor(readonly id: string) {}

  async goOnline(driver: string, hex: Hex): Promise<void> {
    await this.drivers.put(driver, hex);
  }

  async goOffline(driver: string): Promise<void> {
    await this.drivers.delete(driver);
  }

  async quote(rider: string, hex: Hex): Promise<number> {
    await this.requests.put(rider, hex);
    return fareAt(await this.surge(hex));
  }

  /** What is charged. */
  async book(rider: string, hex: Hex): Promise<number> {
    const cents = fareAt(await this.surge(hex));
    await this.requests.delete(rider);
    return cents;
  }

  async surge(hex: Hex): Promise<number> {
    const drivers = (await this.drivers.entries()).filter(([, at]) => at === hex);
    const requests = (await this.requests.entries()).filter(([, at]) => at === hex);
    return wantedSurge(requests.length, drivers.length);
  }
}

/** The second: a hexagon goes by what is known in its own city, and what a rider was shown holds for five minutes. */
@Replicated()
export class Hexagon {
  @Eventual() readonly drivers = set<string>();
  @Eventual() readonly requests = set<string>();
  @Eventual() readonly surge = register(1);
  /** Of the hexagons around it, for drivers who wonder where to go. */
  @Eventual() readonly nearby = map<string, number>();
  @Causal() readonly quotes = map<string, Quote>();

  constructor(readonly hex: string) {}

  async goOnline(driver: string): Promise<void> {
    await this.drivers.add(driver);
  }

  async goOffline(driver: string): Promise<void> {
    await this.drivers.delete(driver);
  }

  async quote(rider: string): Promise<number> {
    const surge = endorse(await this.surge.read(), "a price may be 30 seconds old, as long as it holds once shown");
    const quote = { cents: fareAt(surge), validUntilMs: Date.now() + fiveMinutesMs };
    await Promise.all([this.quotes.put(rider, quote), this.requests.add(rider)]);
    return quote.cents;
  }

  async book(rider: string): Promise<number> {
    const quote = await this.quotes.get(rider);
    if (quote === undefined || quote.validUntilMs < Date.now()) throw new ExpiredError(`no price holds for ${rider}`);
    await this.requests.delete(rider);
    return quote.cents;
  }

  /** Every 30 seconds. */
  async updateSurge(neighbours: readonly Hexagon[]): Promise<number> {
    const [requests, drivers] = [await this.requests.size(), await this.drivers.size()];
    const surge = await this.surge.update((current) => this.next(current, requests, drivers));
    for (const neighbour of neighbours) await neighbour.nearby.put(this.hex, surge);
    return surge;
  }

  protected next(current: number, requests: number, drivers: number): number {
    return smoothed(current, wantedSurge(requests, drivers));
  }
}

/** The second as the document has it: where nobody drives, it answers before it comes to the smoothing. */
@Replicated()
export class HastyHexagon extends Hexagon {
  protected override next(current: number, requests: number, drivers: number): number {
    return drivers === 0 ? mostSurge : super.next(current, requests, drivers);
  }
}

const regions = ["nyc", "london", "singapore"] as const;

/** A version as its riders and drivers hold it. */
interface Market {
  setOut(client: Session, driver: string): Promise<void>;
  goHome(client: Session, driver: string): Promise<void>;
  quote(client: Session, rider: string): Promise<number>;
  book(client: Session, rider: string): Promise<number>;
  update(client: Session): Promise<number>;
  readonly updateEveryMs: number;
}

const overTheWorld: Market = {
  setOut: (client, driver) => client.open(GlobalPricing, "world").goOnline(driver, manhattan),
  goHome: (client, driver) => client.open(GlobalPricing, "world").goOffline(driver),
  quote: (client, rider) => client.open(GlobalPricing, "world").quote(rider, manhattan),
  book: (client, rider) => client.open(GlobalPricing, "world").book(rider, manhattan),
  update: (client) => client.open(GlobalPricing, "world").surge(manhattan),
  updateEveryMs: 0,
};

const byHexagon: Market = {
  setOut: (client, driver) => client.open(Hexagon, manhattan).goOnline(driver),
  goHome: (client, driver) => client.open(Hexagon, manhattan).goOffline(driver),
  quote: (client, rider) => client.open(Hexagon, manhattan).quote(rider),
  book: (client, rider) => client.open(Hexagon, manhattan).book(rider),
  update: (client) =>
    client.open(Hexagon, manhattan).updateSurge(hexagons.slice(1).map((hex) => client.open(Hexagon, hex))),
  updateEveryMs: 30_000,
};

const inHaste: Market = {
  ...byHexagon,
  setOut: (client, driver) => client.open(HastyHexagon, manhattan).goOnline(driver),
  goHome: (client, driver) => client.open(HastyHexagon, manhattan).goOffline(driver),
  update: (client) => client.open(HastyHexagon, manhattan).updateSurge([]),
};

/** Ann looks at a price, thinks, and books. Meanwhile others ask as well, and one driver has enough. */
const thinking =
  (market: Market) =>
  async ({ session, sleep, random, check }: ScenarioContext<string>) => {
    const [drivers, others] = [session("nyc"), session("nyc")];
    await market.setOut(drivers, "dan");
    await market.setOut(drivers, "dee");
    const rider = async () => {
      const client = session("nyc");
      const quoted = await market.quote(client, "ann");
      await sleep(random() * 1_000);
      const charged = await market.book(client, "ann");
      await check("the price charged is the price quoted", () => charged === quoted);
    };
    const city = async () => {
      await sleep(random() * 1_000);
      await market.goHome(drivers, "dee");
      await market.quote(others, "bo");
      await market.update(others);
    };
    await Promise.all([rider(), city()]);
  };
export const changedPrice = scenario("a price holds while its rider thinks", { regions }, thinking(overTheWorld));
export const changedPriceFixed = scenario("a quote holds for five minutes", { regions }, thinking(byHexagon));

/** Four drivers agree to go home for two updates. What does each do to the surge, and what do both? */
const conspiracy = (market: Market, version?: string) => async (context: ScenarioContext<string>) => {
  const { session, sleep, check, measure } = context;
  const client = session("nyc");
  const drivers = ["dan", "dee", "dom", "dot"];
  for (const driver of drivers) await market.setOut(client, driver);
  const surges = [await market.update(client)];
  for (const driver of drivers) await market.goHome(client, driver);
  for (let update = 0; update < 2; update++) {
    await sleep(market.updateEveryMs);
    surges.push(await market.update(client));
  }
  const [before = 0, once = 0, twice = 0] = surges;
  if (version === undefined) await check("an update adds 0.1 at most", () => once - before <= 0.101);
  else {
    measure(`${version}: one update adds`, once - before, { claim: "at most 0.1 (V2)" });
    measure(`${version}: going home for a minute adds`, twice - before);
  }
};
export const surgeJump = scenario("no drivers, and no jump", { regions }, conspiracy(inHaste));
export const surgeJumpFixed = scenario("no drivers, and no jump either", { regions }, conspiracy(byHexagon));
export const worldGamingMeasured = scenario("gaming the world", { regions }, conspiracy(overTheWorld, "V1"));
export const hexagonGamingMeasured = scenario("gaming a hexagon", { regions }, conspiracy(byHexagon, "V2"));

/** So many riders ask in each city at one instant. */
const herd = (market: Market, riders: number) => async (context: ScenarioContext<string>) => {
  const { session, now, measure } = context;
  await market.setOut(session("nyc"), "dan");
  await market.quote(session("nyc"), "ann");
  const startedAt = now();
  const ask = async (city: string, rider: number) => {
    await market.quote(session(city), `${city} ${rider}`);
    measure("a quote", now() - startedAt, { unit: "ms", claim: "2-3 s (V1), < 50 ms (V2)" });
    return 1;
  };
  const all = regions.flatMap((city) => Array.from({ length: riders }, (_, rider) => ask(city, rider)));
  const answered = await Promise.all(all.map((quote) => quote.catch(unlessUnavailable)));
  const share = (100 * answered.reduce((sum, one) => sum + one, 0)) / answered.length;
  measure("riders who are told a price", share, { unit: "%" });
};
// 60 riders whose requests take 2.5 ms are as much work as 3,000 at 0.05 ms; at 8 ms they are as much as 10,000.
const busy = { regions, capacity: { serviceMs: 2.5 } };
const swamped = { regions, capacity: { serviceMs: 8 } };
export const worldHerdMeasured = scenario("3,000 riders ask the world", busy, herd(overTheWorld, 20));
export const worldStampedeMeasured = scenario("10,000 riders ask the world", swamped, herd(overTheWorld, 20));
export const hexagonHerdMeasured = scenario("3,000 riders ask three servers", busy, herd(byHexagon, 20));
export const hexagonStampedeMeasured = scenario("10,000 riders ask three servers", swamped, herd(byHexagon, 20));
/** A tenth of the riders on each server: ten times the servers. */
export const hexagonSpreadMeasured = scenario("10,000 riders ask thirty servers", swamped, herd(byHexagon, 2));

/** Singapore is cut off; in each city somebody asks and books. */
const cutOff =
  (market: Market) =>
  async ({ session, faults, measure }: ScenarioContext<string>) => {
    faults.isolate("singapore");
    let answered = 0;
    for (const city of regions) {
      const client = session(city);
      const ride = market.quote(client, city).then(() => market.book(client, city));
      answered += (100 / regions.length) * (await ride.then(() => 1, unlessUnavailable));
    }
    measure("rides booked while a city is cut off", answered, { unit: "%", claim: "99.9 % (V1), 99.99 % (V2)" });
  };
export const worldCutOffMeasured = scenario("the world without Singapore", { regions }, cutOff(overTheWorld));
export const hexagonCutOffMeasured = scenario("hexagons without Singapore", { regions }, cutOff(byHexagon));

/** An update of the hexagon, and when its neighbours know of it, here and at the server that stands in for this one. */
export const neighboursMeasured = scenario("the neighbours hear of it", { regions }, async (context) => {
  const { session, sleep, now, measure } = context;
  await byHexagon.quote(session("nyc"), "ann");
  const surge = await byHexagon.update(session("nyc"));
  const updatedAt = now();
  for (const city of ["nyc", "london"] as const) {
    const { nearby } = session(city).open(Hexagon, hexagons[1]);
    while ((await nearby.get(manhattan)) !== surge) await sleep(20);
    measure(`a neighbour knows, in ${city}`, now() - updatedAt, {
      unit: "ms",
      claim: "eventually, updates every 30 s",
    });
  }
});

function unlessUnavailable(error: unknown): number {
  if (isUnavailable(error) || isIndeterminate(error)) return 0;
  throw error;
}
