import { cache, endorse, Linearizable, NoConsistency, Replicated, register } from "@faultline/runtime";
import { scenario } from "@faultline/runtime/simulation";
import { minute, Site, VersionedSite } from "./site.js";

/** The document's example of this level: three nodes that know nothing of each other. */
@Replicated()
export class User {
  @NoConsistency() readonly balance = register<number | "not found">("not found"); // finding: no-underkill-level

  constructor(readonly id: string) {}

  async write(balance: number): Promise<void> {
    await this.balance.write(balance);
  }
}

/** A shop whose edges show prices, and whether a customer is signed in; what they show is what `buy` goes by. */
@Replicated()
export class Shop {
  @Linearizable() readonly price = register(80);
  @NoConsistency({ mechanism: cache({ origin: "price", ttlMs: 10_000 }) }) readonly shownPrice = register(80);
  @Linearizable() readonly signedIn = register(true);
  @NoConsistency({ mechanism: cache({ origin: "signedIn", ttlMs: 10_000 }) }) readonly session = register(true);
  @Linearizable() readonly charged = register(0);

  constructor(readonly customer: string) {}

  async reprice(price: number): Promise<void> {
    await this.price.write(price);
    await this.shownPrice.write(price);
  }

  async signOut(): Promise<void> {
    await this.signedIn.write(false);
    await this.session.write(false);
  }

  async buy(): Promise<"bought" | "signed out"> {
    if (!(await this.session.read())) return "signed out";
    await this.charged.write(await this.shownPrice.read()); // finding: no-weak-value-in-strong-write
    return "bought";
  }
}

/** The right one: a page may show copies. What is charged, and to whom, is asked of the origin. */
@Replicated()
export class CarefulShop {
  @Linearizable() readonly price = register(80);
  @NoConsistency({ mechanism: cache({ origin: "price", ttlMs: 10_000 }) }) readonly shownPrice = register(80);
  @Linearizable() readonly signedIn = register(true);
  @Linearizable() readonly charged = register(0);

  constructor(readonly customer: string) {}

  async reprice(price: number): Promise<void> {
    await this.price.write(price);
  }

  async signOut(): Promise<void> {
    await this.signedIn.write(false);
  }

  async label(): Promise<number> {
    return endorse(await this.shownPrice.read(), "it is what the customer has seen; buy compares it with the price");
  }

  async buy(agreed: number): Promise<"bought" | "signed out" | "another price"> {
    if (!(await this.signedIn.read())) return "signed out";
    const price = await this.price.read();
    if (price !== agreed) return "another price";
    await this.charged.write(price);
    return "bought";
  }
}

const regions = ["nyc", "london", "tokyo"] as const;
type Region = (typeof regions)[number];

/** The logo is replaced at the origin, and a second later the cache is invalidated. Then the campaign starts. */
export const rebrand = scenario("a new logo is everywhere", { regions }, async ({ session, sleep, random, check }) => {
  const site = (region: Region) => session(region).open(Site, "shop.example");
  await Promise.all(regions.map((region) => sleep(random() * minute).then(() => site(region).view())));
  await site("nyc").publish("new");
  await sleep(1_000);
  await site("nyc").invalidate();
  for (const region of regions) {
    // finding: no-stale-read-after-write
    await check(`${region} shows the new logo`, async () => (await site(region).view()) === "new");
  }
});

/** The same logo under a name of its own, on a page that no edge keeps for longer than two seconds. */
export const rebrandFixed = scenario(
  "a new logo is everywhere two seconds later",
  { regions },
  async ({ session, sleep, random, check }) => {
    const site = (region: Region) => session(region).open(VersionedSite, "shop.example");
    await Promise.all(regions.map((region) => sleep(random() * minute).then(() => site(region).view())));
    await site("nyc").publish("logo-2.svg");
    await sleep(2_000);
    for (const region of regions) {
      await check(`${region} shows the new logo`, async () => (await site(region).view()) === "logo-2.svg");
    }
  },
);

/** The sale is over. Within the next twenty seconds somebody in Tokyo buys, who has bought before. */
export const saleIsOver = scenario(
  "nobody pays an old price",
  { regions },
  async ({ session, sleep, random, check }) => {
    const shop = (region: Region) => session(region).open(Shop, "mai");
    await shop("tokyo").buy();
    await shop("nyc").reprice(100);
    await sleep(random() * 20_000);
    await shop("tokyo").buy();
    const { charged, price } = shop("nyc");
    await check("what is charged is the price", async () => (await charged.read()) === (await price.read()));
  },
);

/** Somebody signs out in New York. Who sits at the computer in Tokyo buys. */
export const signedOut = scenario(
  "who is signed out buys nothing",
  { regions },
  async ({ session, sleep, random, check }) => {
    const shop = (region: Region) => session(region).open(Shop, "mai");
    await shop("tokyo").buy();
    await shop("nyc").signOut();
    await sleep(random() * 20_000);
    await check("it is refused", async () => (await shop("tokyo").buy()) === "signed out");
  },
);

/** Somebody has 1,000 in New York and 500 in London. */
export const threeNodes = scenario("everybody reads one balance", { regions }, async ({ session, check }) => {
  const user = (region: Region) => session(region).open(User, "123");
  await user("nyc").write(1_000);
  await user("london").write(500);
  // finding: no-stale-read-after-write
  const [nyc, london, tokyo] = await Promise.all(regions.map((region) => user(region).balance.read()));
  await check("all three read the same", () => nyc === london && london === tokyo);
});

/** Both again: what is shown is old now and then, what is charged is not. */
export const saleIsOverFixed = scenario(
  "a price that has changed is asked for again",
  { regions },
  async ({ session, sleep, random, check }) => {
    const shop = (region: Region) => session(region).open(CarefulShop, "mai");
    await shop("tokyo").buy(await shop("tokyo").label());
    await shop("nyc").reprice(100);
    await sleep(random() * 20_000);
    const shown = await shop("tokyo").label();
    const outcome = await shop("tokyo").buy(shown);
    await check("what is charged is the price", () => outcome === (shown === 100 ? "bought" : "another price"));
    await shop("nyc").signOut();
    await check("it is refused", async () => (await shop("tokyo").buy(100)) === "signed out");
  },
);

const claimed = { nyc: "2 s", london: "more than 30 s", tokyo: "more than 60 s" };

/** When each region stops to show the old logo. In half of the schedules Tokyo cannot reach the origin for a while. */
export const timelineMeasured = scenario(
  "how long the old logo is shown",
  { regions },
  async ({ session, sleep, now, random, faults, measure }) => {
    const site = (region: Region) => session(region).open(Site, "shop.example");
    await Promise.all(regions.map((region) => sleep(random() * minute).then(() => site(region).view())));
    await sleep(minute - now());
    const isCutOff = random() < 0.5;
    if (isCutOff) faults.isolate("tokyo", { fromMs: 2_000, untilMs: 90_000 });
    await site("nyc").publish("new");
    const publishedAt = now();
    await sleep(1_000);
    await site("nyc").invalidate();
    const see = async (region: Region) => {
      while ((await site(region).view()) !== "new") await sleep(500);
      const where = isCutOff && region === "tokyo" ? "tokyo, cut off," : region;
      measure(`old in ${where} for`, (now() - publishedAt) / 1_000, { unit: "s", claim: claimed[region] });
    };
    await Promise.all(regions.map(see));
  },
);
