import { Causal, Eventual, endorse, Linearizable, map, Replicated, register, set } from "@faultline/runtime";
import { scenario } from "@faultline/runtime/simulation";
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
import { cities, conspiracy, cutOff, herd, type Market, thinking, thinkingLong } from "./riders.js";

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

/**
 * The second as the document has it: where nobody drives, it answers before it comes to the smoothing, and until when a
 * price is guaranteed is written down and never read.
 */
@Replicated()
export class HastyHexagon extends Hexagon {
  protected override next(current: number, requests: number, drivers: number): number {
    return drivers === 0 ? mostSurge : super.next(current, requests, drivers);
  }

  override async book(rider: string): Promise<number> {
    const quote = await this.quotes.get(rider);
    await this.requests.delete(rider);
    return quote?.cents ?? fareAt(await this.surge.read());
  }
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
  setOut: (client, driver) => client.open(HastyHexagon, manhattan).goOnline(driver),
  goHome: (client, driver) => client.open(HastyHexagon, manhattan).goOffline(driver),
  quote: (client, rider) => client.open(HastyHexagon, manhattan).quote(rider),
  book: (client, rider) => client.open(HastyHexagon, manhattan).book(rider),
  update: (client) => client.open(HastyHexagon, manhattan).updateSurge([]),
  updateEveryMs: 30_000,
};

const world = { regions: cities };

export const changedPrice = scenario("a price holds while its rider thinks", world, thinking(overTheWorld));
export const changedPriceFixed = scenario("a quote holds for five minutes", world, thinking(byHexagon));
export const lapsedQuote = scenario("a quote of ten minutes ago is none", world, thinkingLong(inHaste));
export const lapsedQuoteFixed = scenario("a quote ends after five minutes", world, thinkingLong(byHexagon));

export const surgeJump = scenario("no drivers, and no jump", world, conspiracy(inHaste));
export const surgeJumpFixed = scenario("no drivers, and no jump either", world, conspiracy(byHexagon));
export const worldGamingMeasured = scenario("gaming the world", world, conspiracy(overTheWorld, "V1"));
export const hexagonGamingMeasured = scenario("gaming a hexagon", world, conspiracy(byHexagon, "V2"));

// 60 riders whose requests take 2.5 ms are as much work as 3,000 at 0.05 ms; at 8 ms they are as much as 10,000.
const busy = { ...world, capacity: { serviceMs: 2.5 } };
const swamped = { ...world, capacity: { serviceMs: 8 } };
export const worldHerdMeasured = scenario("3,000 riders ask the world", busy, herd(overTheWorld, 20));
export const worldStampedeMeasured = scenario("10,000 riders ask the world", swamped, herd(overTheWorld, 20));
export const hexagonHerdMeasured = scenario("3,000 riders ask three servers", busy, herd(byHexagon, 20));
export const hexagonStampedeMeasured = scenario("10,000 riders ask three servers", swamped, herd(byHexagon, 20));
/** A tenth of the riders on each server: ten times the servers. */
export const hexagonSpreadMeasured = scenario("10,000 riders ask thirty servers", swamped, herd(byHexagon, 2));

export const worldCutOffMeasured = scenario("the world without Singapore", world, cutOff(overTheWorld));
export const hexagonCutOffMeasured = scenario("hexagons without Singapore", world, cutOff(byHexagon));

/** An update of the hexagon, and when its neighbours know of it, here and at the server that stands in for this one. */
export const neighboursMeasured = scenario("the neighbours hear of it", world, async (context) => {
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
