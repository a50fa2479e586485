import {
  Causal,
  Eventual,
  endorse,
  Invariant,
  Linearizable,
  map,
  Replicated,
  Saga,
  type SagaSteps,
  set,
  Transaction,
} from "@faultline/runtime";
import { partition, scenario } from "@faultline/runtime/simulation";
import {
  atTheDesk,
  authorise,
  type Card,
  type Desk,
  ExpiredError,
  type Holder,
  isGuest,
  type Night,
  partsOf,
  regions,
  type Stay,
  sameNight,
  soldTwice,
  TakenError,
  thinking,
  whileCutOff,
} from "./guests.js";
import { Listing } from "./listing.js";
import { ExchangeRate, type Quote, tenMinutesMs } from "./prices.js";

/**
 * A home that is let by the night for 100 euros. Guests have to see their own bookings at once, which causal gives them;
 * the money is linearizable, for it is money.
 */
@Replicated()
export class Home {
  @Causal() readonly calendar = map<Night, string>();
  @Linearizable() readonly payments = map<Stay, number>();

  constructor(readonly id: string) {}

  async quote(rate: ExchangeRate): Promise<number> {
    return 100 * (await rate.cents.read());
  }

  async book(night: Night, guest: string, rate: ExchangeRate): Promise<number> {
    if (await this.calendar.has(night)) throw new TakenError(night);
    await this.calendar.put(night, guest); // finding: no-check-then-act
    const cents = await this.quote(rate);
    await this.payments.put(`${night} ${guest}`, cents); // finding: no-weak-value-in-strong-write
    return cents;
  }

  /** What another platform has sold. */
  async importNights(nights: readonly Night[]): Promise<void> {
    for (const night of nights) await this.calendar.put(night, "another platform");
  }

  @Invariant("who has paid for a night has it", { when: "converged" })
  async kept(): Promise<boolean> {
    for (const [stay, cents] of await this.payments.entries()) {
      const [night, guest] = partsOf(stay);
      if (cents > 0 && (await this.calendar.get(night)) !== guest) return false;
    }
    return true;
  }
}

/** The right one: a level for each concern, and a saga where another company takes part. */
@Replicated()
export class SafeHome {
  // Critical: decided by a majority.
  @Linearizable() readonly calendar = map<Night, Holder>();
  @Linearizable() readonly payments = map<Stay, number>();
  // What guests see: what they were shown holds wherever they go.
  @Causal() readonly quotes = map<Stay, Quote>();
  // What comes from outside when it comes.
  @Eventual() readonly soldElsewhere = set<Night>();

  constructor(readonly id: string) {}

  /** The price that the guest sees is the price that is charged, until it expires. */
  async quote(night: Night, guest: string, rate: ExchangeRate, validForMs = tenMinutesMs): Promise<Quote> {
    const rateNow = endorse(await rate.cents.read(), "an old rate is a price too, once a guest has seen it");
    const quote = { cents: 100 * rateNow, validUntilMs: Date.now() + validForMs };
    await this.quotes.put(`${night} ${guest}`, quote);
    return quote;
  }

  /** First write wins. Whoever is second learns it before he is charged. */
  @Saga({ compensate: "release" })
  async book(night: Night, guest: string, card: Card): Promise<number> {
    const quote = endorse(
      await this.quotes.get(`${night} ${guest}`),
      "his own session wrote it, and it does not change",
    );
    if (quote === undefined || quote.validUntilMs < Date.now()) throw new ExpiredError(night);
    await this.calendar.update(night, (holder = "nobody") => {
      if (holder !== "nobody") throw new TakenError(night);
      return { guest };
    });
    await authorise(card, quote.cents);
    await this.charge(night, guest, quote.cents);
    return quote.cents;
  }

  /** The processor took its time, and another platform's calendar may have arrived: who is charged still has the night. */
  @Transaction()
  private async charge(night: Night, guest: string, cents: number): Promise<void> {
    if (!isGuest(await this.calendar.get(night), guest)) throw new TakenError(night);
    await this.payments.put(`${night} ${guest}`, cents);
  }

  /** Gives the night back, and what was paid, if anything was. */
  async release({ completed, indeterminate }: SagaSteps): Promise<void> {
    for (const { operation, args, after } of [...completed, ...indeterminate])
      if (operation === "update") await this.giveBack(args[0] as Night, (after as { guest: string }).guest);
  }

  /** Written also where nobody holds the night yet: a step that is still under way then meets a newer version, and fails. */
  @Transaction()
  private async giveBack(night: Night, guest: string): Promise<void> {
    const holder = (await this.calendar.get(night)) ?? "nobody";
    if (holder === "nobody" || isGuest(holder, guest)) await this.calendar.put(night, "nobody");
    await this.payments.put(`${night} ${guest}`, 0);
  }

  async importNights(nights: readonly Night[]): Promise<void> {
    for (const night of nights) await this.soldElsewhere.add(night);
  }

  /** Runs now and then: a night that was sold elsewhere cannot be taken back there, so it is taken back here. */
  async reconcile(listing: Listing): Promise<void> {
    for (const night of endorse(await this.soldElsewhere.values(), "what was sold there stays sold")) {
      const guest = await this.giveUp(night);
      if (guest !== undefined) await listing.say(`${guest}: ${night} is taken. You get your money back.`);
    }
  }

  @Transaction()
  private async giveUp(night: Night): Promise<string | undefined> {
    const holder = await this.calendar.get(night);
    if (holder === "another platform") return undefined;
    await this.calendar.put(night, "another platform");
    if (typeof holder !== "object") return undefined;
    await this.payments.put(`${night} ${holder.guest}`, 0);
    return holder.guest;
  }

  @Invariant("who has paid for a night has it", { when: "converged" })
  async kept(): Promise<boolean> {
    for (const [stay, cents] of await this.payments.entries()) {
      const [night, guest] = partsOf(stay);
      if (cents > 0 && !isGuest(await this.calendar.get(night), guest)) return false;
    }
    return true;
  }
}

const careless: Desk = {
  show: (client) => client.open(Home, "loft").quote(client.open(ExchangeRate, "euro")),
  book: (client, guest, _, night = "Fri") =>
    client.open(Home, "loft").book(night, guest, client.open(ExchangeRate, "euro")),
  importNight: (client) => client.open(Home, "loft").importNights(["Fri"]),
  isSoldElsewhere: async (client) => (await client.open(Home, "loft").calendar.get("Fri")) === "another platform",
};

/** Ten minutes are 0.7 seconds here, so that some who think do so for too long. */
const careful: Desk = {
  async show(client, guest, night = "Fri") {
    return (await client.open(SafeHome, "loft").quote(night, guest, client.open(ExchangeRate, "euro"), 700)).cents;
  },
  book: (client, guest, card, night = "Fri") => client.open(SafeHome, "loft").book(night, guest, card),
  async importNight(client) {
    const home = client.open(SafeHome, "loft");
    await home.importNights(["Fri"]);
    await home.reconcile(client.open(Listing, "loft"));
  },
  isSoldElsewhere: async (client) => (await client.open(SafeHome, "loft").calendar.get("Fri")) === "another platform",
};

const world = { regions };
const withoutSingapore = [partition([["virginia", "dublin"], ["singapore"]], { fromMs: 500, untilMs: 3_000 })];
const cutOff = { regions, faults: withoutSingapore };

export const doubleBooking = scenario("a night is let once", cutOff, sameNight(careless));
export const doubleBookingFixed = scenario("a majority lets a night once", cutOff, sameNight(careful));

export const driftingRate = scenario("a price holds while its guest thinks", world, thinking(careless));
export const driftingRateFixed = scenario("a quote holds until it expires", world, thinking(careful));

export const importedCalendar = scenario("who has no bed has his money", world, soldTwice(careless));
export const importedCalendarFixed = scenario("who has no bed has it back", world, soldTwice(careful));

const america = ["virginia", "ohio", "oregon"] as const;
export const bookingMeasured = scenario("a booking on three continents", world, atTheDesk(careful, regions));
export const americaMeasured = scenario("a booking within America", { regions: america }, atTheDesk(careful, america));
export const cutOffMeasured = scenario("bookings while a region is cut off", world, whileCutOff(careful));

export { messagesFixed, windowsMeasured } from "./listing.js";
