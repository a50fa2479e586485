import { isIndeterminate, isUnavailable } from "@faultline/runtime";
import type { ScenarioContext, Session } from "@faultline/runtime/simulation";
import { ExpiredError, fiveMinutesMs } from "./hexagons.js";

export const cities = ["nyc", "london", "singapore"] as const;
type City = (typeof cities)[number];
type World = ScenarioContext<City>;

/** A version as its riders and drivers hold it. */
export interface Market {
  setOut(client: Session, driver: string): Promise<void>;
  goHome(client: Session, driver: string): Promise<void>;
  quote(client: Session, rider: string): Promise<number>;
  book(client: Session, rider: string): Promise<number>;
  update(client: Session): Promise<number>;
  readonly updateEveryMs: number;
}

/** Ann looks at a price, thinks, and books. Meanwhile Bo asks as well, and there is one driver. */
export const thinking =
  (market: Market) =>
  async ({ session, sleep, random, check }: World): Promise<void> => {
    await market.setOut(session("nyc"), "dan");
    const rider = async () => {
      const client = session("nyc");
      const quoted = await market.quote(client, "ann");
      await sleep(random() * 1_000);
      const charged = await market.book(client, "ann");
      await check("the price charged is the price quoted", () => charged === quoted);
    };
    const other = async () => {
      await sleep(random() * 1_000);
      const client = session("nyc");
      await market.quote(client, "bo");
      if (market.updateEveryMs > 0) await market.update(client);
    };
    await Promise.all([rider(), other()]);
  };

/** Ann thinks for minutes, while nobody drives and the surge rises. */
export const thinkingLong =
  (market: Market) =>
  async ({ session, sleep, random, now, check }: World): Promise<void> => {
    const [client, city] = [session("nyc"), session("nyc")];
    const quoted = await market.quote(client, "ann");
    const quotedAt = now();
    for (let update = 0; update < 2; update++) {
      await sleep(market.updateEveryMs);
      await market.update(city);
    }
    await sleep(random() * 8 * 60_000);
    const hasLapsed = now() - quotedAt > fiveMinutesMs;
    const charged = await market.book(client, "ann").catch(unlessExpired);
    if (!hasLapsed) return await check("the price charged is the price quoted", () => charged === quoted);
    await check("a price that has lapsed is not charged", () => charged === "expired");
    const again = await market.quote(client, "ann");
    await check("who asks again is told the price of now", () => again > quoted);
  };

/** Four drivers agree to go home for two updates. What does each do to the surge, and what do both? */
export const conspiracy =
  (market: Market, version?: string) =>
  async ({ session, sleep, check, measure }: World): Promise<void> => {
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

/** So many riders ask in each city at one instant. */
export const herd =
  (market: Market, riders: number) =>
  async ({ session, now, measure }: World): Promise<void> => {
    await market.setOut(session("nyc"), "dan");
    await market.quote(session("nyc"), "ann");
    const startedAt = now();
    const ask = async (city: City, rider: number) => {
      await market.quote(session(city), `${city} ${rider}`);
      measure("a quote", now() - startedAt, { unit: "ms", claim: "2-3 s (V1), < 50 ms (V2)" });
      return 1;
    };
    const all = cities.flatMap((city) => Array.from({ length: riders }, (_, rider) => ask(city, rider)));
    const answered = await Promise.all(all.map((quote) => quote.catch(unlessUnavailable)));
    const share = (100 * answered.reduce((sum, one) => sum + one, 0)) / answered.length;
    measure("riders who are told a price", share, { unit: "%" });
  };

/** Singapore is cut off; in each city somebody asks and books. */
export const cutOff =
  (market: Market) =>
  async ({ session, faults, measure }: World): Promise<void> => {
    faults.isolate("singapore");
    let answered = 0;
    for (const city of cities) {
      const client = session(city);
      const ride = market.quote(client, city).then(() => market.book(client, city));
      answered += (100 / cities.length) * (await ride.then(() => 1, unlessUnavailable));
    }
    measure("rides booked while a city is cut off", answered, { unit: "%", claim: "99.9 % (V1), 99.99 % (V2)" });
  };

function unlessUnavailable(error: unknown): number {
  if (isUnavailable(error) || isIndeterminate(error)) return 0;
  throw error;
}

function unlessExpired(error: unknown): "expired" {
  if (error instanceof ExpiredError) return "expired";
  throw error;
}
