import { Causal, Eventual, log, Replicated, set, Transaction } from "@faultline/runtime";
import { partition, type ScenarioContext, type Session, scenario } from "@faultline/runtime/simulation";
import { askingPrice, estimate, type Sale, worth, worthTaking } from "./market.js";

/** Prices as the algorithm of a house buyer sees them: what was paid in the street, whoever paid it. */
@Replicated()
export class Street {
  @Eventual() readonly sales = log<Sale>();

  async record(house: number, price: number): Promise<void> {
    await this.sales.append({ house, price });
  }

  /** Buys, unless the house costs more than 2 % above what the comparable ones cost. */
  async buy(house: number, price: number): Promise<boolean> {
    if (!worthTaking(price, estimate(await this.sales.entries()))) return false;
    await this.sales.append({ house, price });
    return true;
  }
}

/** Every read sees what it follows from, the purchases of other desks too. It still takes them for the market. */
@Replicated()
export class CausalOnlyStreet {
  @Causal() readonly sales = log<Sale>();

  async record(house: number, price: number): Promise<void> {
    await this.sales.append({ house, price });
  }

  async buy(house: number, price: number): Promise<boolean> {
    if (!worthTaking(price, estimate(await this.sales.entries()))) return false;
    await this.sales.append({ house, price });
    return true;
  }
}

/** The market is what others paid: it takes out what stands in the ledger. A desk may see a sale before its entry. */
@Replicated()
export class EventualLedgerStreet {
  @Eventual() readonly sales = log<Sale>();
  @Eventual() readonly bought = set<number>();

  async record(house: number, price: number): Promise<void> {
    await this.sales.append({ house, price });
  }

  async buy(house: number, price: number): Promise<boolean> {
    const sales = await this.sales.entries();
    const ours = new Set(await this.bought.values());
    if (!worthTaking(price, estimate(sales.filter((sale) => !ours.has(sale.house))))) return false;
    await this.bought.add(house);
    await this.sales.append({ house, price });
    return true;
  }
}

/** The right one: nobody sees a sale of ours without its entry, so no price that we made is taken for the market. */
@Replicated()
export class LedgerStreet {
  @Causal() readonly sales = log<Sale>();
  @Causal() readonly bought = set<number>();

  async record(house: number, price: number): Promise<void> {
    await this.sales.append({ house, price });
  }

  @Transaction()
  async buy(house: number, price: number): Promise<boolean> {
    const sales = await this.sales.entries();
    const ours = new Set(await this.bought.values());
    if (!worthTaking(price, estimate(sales.filter((sale) => !ours.has(sale.house))))) return false;
    await this.bought.add(house);
    await this.sales.append({ house, price });
    return true;
  }
}

const regions = ["dallas", "oregon", "virginia"] as const;
/** A day takes a second here. */
const month = { houses: 47, days: 30 };
const dayMs = 1_000;

/** The first houses of the month: each purchase raises the price by which the next one is judged. */
export const eventualPrices = scenario(
  "no house costs more than 2 % above what families pay",
  { regions },
  async (context) => {
    const paid = await buy(context, { houses: 3, days: 2 }, (desk) => desk.open(Street, "elm-street"));
    await context.check("at most 2 % above what families pay", () => paid.every((price) => worthTaking(price, worth)));
  },
);

/** The same houses, with reads that miss nothing. */
export const causalPrices = scenario(
  "no house costs more than 2 % above what families pay, with causal reads",
  { regions },
  async (context) => {
    const paid = await buy(context, { houses: 3, days: 2 }, (desk) => desk.open(CausalOnlyStreet, "elm-street"));
    await context.check("at most 2 % above what families pay", () => paid.every((price) => worthTaking(price, worth)));
  },
);

/** The first houses, with a ledger whose entries may come after the sales that they explain. */
export const eventualLedger = scenario(
  "no house costs more than 2 % above what families pay, with an eventual ledger",
  { regions },
  async (context) => {
    const paid = await buy(context, { houses: 4, days: 2 }, (desk) => desk.open(EventualLedgerStreet, "elm-street"));
    await context.check("at most 2 % above what families pay", () => paid.every((price) => worthTaking(price, worth)));
  },
);

/** The whole month, a week of which the desk in Virginia is cut off, with entries that come with their sales. */
export const causalLedgerFixed = scenario(
  "no house costs more than 2 % above what families pay, with a causal ledger",
  {
    regions,
    faults: [partition([["virginia"], ["dallas", "oregon"]], { fromMs: 10 * dayMs, untilMs: 17 * dayMs })],
  },
  async (context) => {
    const paid = await buy(context, month, (desk) => desk.open(LedgerStreet, "elm-street"));
    await context.check("at most 2 % above what families pay", () => paid.every((price) => worthTaking(price, worth)));
    measureMonth(context, paid);
  },
);

/** The whole month without a ledger, with reads that may be late and with reads that miss nothing. */
export const eventualMonthMeasured = scenario("what 47 houses do to a street", { regions }, async (context) => {
  measureMonth(context, await buy(context, month, (desk) => desk.open(Street, "elm-street")));
});
export const causalMonthMeasured = scenario("the same with causal reads", { regions }, async (context) => {
  measureMonth(context, await buy(context, month, (desk) => desk.open(CausalOnlyStreet, "elm-street")));
});

function measureMonth({ measure }: ScenarioContext<(typeof regions)[number]>, paid: readonly number[]): void {
  const overpaid = paid.reduce((sum, price) => sum + price - worth, 0);
  measure("bought", paid.length, { unit: "houses", claim: "47 houses" });
  measure("the last one costs more by", 100 * ((paid.at(-1) ?? worth) / worth - 1), { unit: "%", claim: "25 %" });
  measure("overpaid", Math.round(overpaid / 1_000), { unit: "thousand $" });
}

/** One house after the other is for sale, and one of three desks is asked. What it declines, a family buys. */
async function buy(
  { session, sleep, random }: ScenarioContext<(typeof regions)[number]>,
  { houses, days }: { readonly houses: number; readonly days: number },
  open: (desk: Session) => Pick<Street, "record" | "buy">,
): Promise<readonly number[]> {
  const desks = regions.map((region) => open(session(region)));
  const county = open(session("dallas"));
  const sold: Sale[] = []; // as the neighbours know it, who need no network
  const paid: number[] = [];
  for (let house = 1; house <= houses; house++) {
    await sleep((random() * 2 * days * dayMs) / houses);
    const asked = askingPrice(sold);
    const desk = desks[Math.floor(random() * desks.length)] as (typeof desks)[number];
    const isBought = await desk.buy(house, asked);
    if (isBought) paid.push(asked);
    else await county.record(house, worth);
    sold.push({ house, price: isBought ? asked : worth });
  }
  return paid;
}
