import {
  Causal,
  counter,
  Eventual,
  endorse,
  Invariant,
  Linearizable,
  log,
  map,
  primaryReplica,
  Replicated,
  register,
  Saga,
  type SagaSteps,
  set,
  Transaction,
} from "@faultline/runtime";
import { partition, type ScenarioContext, type Session, scenario } from "@faultline/runtime/simulation";
import {
  authorise,
  type Card,
  ExpiredError,
  type Holder,
  isGuest,
  type Night,
  nights,
  partsOf,
  type Quote,
  type Stay,
  TakenError,
  tenMinutesMs,
  unlessRefused,
} from "./guests.js";

/** What a euro costs in cents of a dollar. Banks publish it all day, and nobody waits for it. */
@Replicated()
export class ExchangeRate {
  @Eventual() readonly cents = register(108);

  constructor(readonly id: string) {}

  async publish(cents: number): Promise<void> {
    await this.cents.write(cents);
  }
}

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
  // What people see: their own changes at once, an answer after what it answers.
  @Causal() readonly quotes = map<Stay, Quote>();
  @Causal() readonly messages = log<string>();
  @Causal() readonly title = register("");
  // Analytics, and what comes from outside when it comes.
  @Eventual() readonly views = counter();
  @Eventual() readonly soldElsewhere = set<Night>();
  @Eventual({ mechanism: primaryReplica({ acknowledge: "async", reads: "local" }) }) readonly rank = register(0);

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
    authorise(card, quote.cents);
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
  async reconcile(): Promise<void> {
    for (const night of endorse(await this.soldElsewhere.values(), "what was sold there stays sold")) {
      const guest = await this.giveUp(night);
      if (guest !== undefined) await this.messages.append(`${guest}: ${night} is taken. You get your money back.`);
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

/** The same guests at either counter. */
interface Desk {
  show(client: Session, guest: string, night?: Night): Promise<number>;
  book(client: Session, guest: string, card: Card, night?: Night): Promise<number>;
  importNight(client: Session): Promise<void>;
  isSoldElsewhere(client: Session): Promise<boolean>;
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
    await home.reconcile();
  },
  isSoldElsewhere: async (client) => (await client.open(SafeHome, "loft").calendar.get("Fri")) === "another platform",
};

const regions = ["virginia", "dublin", "singapore"] as const;
const faults = [partition([["virginia", "dublin"], ["singapore"]], { fromMs: 500, untilMs: 3_000 })];

/** Ann in Dublin and Bo in Singapore want the same night; so does Cleo, whose card is declined. */
const sameNight = (desk: Desk) => async (context: ScenarioContext<string>) => {
  const book = async (region: string, guest: string, card: Card) => {
    await context.sleep(context.random() * 600);
    const client = context.session(region);
    await desk.show(client, guest);
    await desk.book(client, guest, card).catch(unlessRefused);
  };
  await Promise.all([
    book("dublin", "ann", "good"),
    book("singapore", "bo", "good"),
    book("dublin", "cleo", "declined"),
  ]);
};
export const doubleBooking = scenario("a night is let once", { regions, faults }, sameNight(careless));
export const doubleBookingFixed = scenario("a majority lets a night once", { regions, faults }, sameNight(careful));

/** Ann looks at a price, thinks for a moment, and books. Meanwhile the dollar falls. */
const thinking = (desk: Desk) => async (context: ScenarioContext<string>) => {
  const { session, sleep, random, check } = context;
  const bank = async () => {
    await sleep(random() * 1_000);
    await session("virginia").open(ExchangeRate, "euro").publish(112);
  };
  const guest = async () => {
    const client = session("dublin");
    const shown = await desk.show(client, "ann");
    await sleep(random() * 1_000);
    const charged = await desk.book(client, "ann", "good").catch(unlessRefused);
    await check("the price charged is the price shown", () => charged === undefined || charged === shown);
  };
  await Promise.all([bank(), guest()]);
};
export const driftingRate = scenario("a price holds while its guest thinks", { regions }, thinking(careless));
export const driftingRateFixed = scenario("a quote holds until it expires", { regions }, thinking(careful));

/** Another platform sells the night that Ann books. Its calendar arrives when it arrives. */
const soldTwice = (desk: Desk) => async (context: ScenarioContext<string>) => {
  const { session, sleep, random, converged } = context;
  const guest = async () => {
    const client = session("dublin");
    await desk.show(client, "ann");
    await sleep(random() * 1_000);
    await desk.book(client, "ann", "good").catch(unlessRefused);
  };
  const platform = async () => {
    await sleep(random() * 1_000);
    await desk.importNight(session("virginia"));
  };
  await Promise.all([guest(), platform()]);
  converged("the night is the other platform's", desk.isSoldElsewhere);
};
export const importedCalendar = scenario("who has no bed has his money", { regions }, soldTwice(careless));
export const importedCalendarFixed = scenario("who has no bed has it back", { regions }, soldTwice(careful));

/** What booking waits for: for a majority, wherever that is. */
const atTheDesk = (places: readonly string[]) => async (context: ScenarioContext<string>) => {
  const { session, sleep, random, now, measure } = context;
  for (const [index, place] of places.entries()) {
    await sleep(random() * 100);
    const client = session(place);
    await careful.show(client, place, nights[index]);
    const startedAt = now();
    await careful.book(client, place, "good", nights[index]);
    measure(`a booking from ${place}`, now() - startedAt, { unit: "ms", claim: "< 200 ms" });
  }
};
const america = ["virginia", "ohio", "oregon"] as const;
export const bookingMeasured = scenario("a booking on three continents", { regions }, atTheDesk(regions));
export const americaMeasured = scenario("a booking within America", { regions: america }, atTheDesk(america));

/** Singapore is cut off for as long as this takes, and somebody books in each place. */
export const cutOffMeasured = scenario("bookings while a region is cut off", { regions }, async (context) => {
  context.faults.isolate("singapore");
  let answered = 0;
  for (const [index, place] of regions.entries()) {
    const client = context.session(place);
    await careful.show(client, place, nights[index]);
    const charged = await careful.book(client, place, "good", nights[index]).catch(unlessRefused);
    if (charged !== undefined) answered += 100 / 3;
  }
  context.measure("bookings answered in that time", answered, { unit: "%", claim: "99.95 % of all time" });
});

/** What a host sees of her own changes, and how old may be what others see, level by level. */
export const windowsMeasured = scenario("who sees what how late", { regions }, async (context) => {
  const { session, sleep, random, now, check, measure } = context;
  const host = session("virginia");
  const home = host.open(SafeHome, "loft");
  await sleep(random() * 1_000);
  await Promise.all([home.title.write("Loft, with a view"), home.views.increment(), home.rank.write(3)]);
  const writtenAt = now();
  const seen = async (name: string, claim: string, isSeen: (home: SafeHome) => Promise<boolean>) => {
    const guest = session("singapore").open(SafeHome, "loft");
    while (!(await isSeen(guest))) await sleep(20);
    measure(name, now() - writtenAt, { unit: "ms", claim });
  };
  await check("a host sees her own title", async () => (await home.title.read()) === "Loft, with a view");
  host.moveTo("dublin");
  await check("a host who travels does, too", async () => (await home.title.read()) === "Loft, with a view");
  await Promise.all([
    seen("guests see the title (causal)", "< 5 s", async ({ title }) => (await title.read()) !== ""),
    seen("guests see the view (eventual)", "< 5 s", async ({ views }) => (await views.read()) > 0),
    seen("guests see the rank (read replica)", "1-2 s", async ({ rank }) => (await rank.read()) > 0),
  ]);
});

/** A guest asks, the host answers; who reads the answer reads the question before it. */
export const messagesFixed = scenario("an answer stands after its question", { regions }, async (context) => {
  const messagesIn = (region: (typeof regions)[number]) => context.session(region).open(SafeHome, "loft").messages;
  const [guest, host, reader] = [messagesIn("singapore"), messagesIn("virginia"), messagesIn("dublin")];
  const line = async (messages: typeof host, text: string) => {
    while (!(await messages.entries()).includes(text)) await context.sleep(20);
  };
  const answer = () => line(host, "Pets?").then(() => host.append("Pets!"));
  await Promise.all([guest.append("Pets?"), answer(), line(reader, "Pets!")]);
  await context.check("the question stands first", async () => (await reader.entries()).join(" ") === "Pets? Pets!");
});
