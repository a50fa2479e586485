import { isIndeterminate, isUnavailable } from "@faultline/runtime";
import type { ScenarioContext, Session } from "@faultline/runtime/simulation";
import { ExchangeRate } from "./prices.js";

export const nights = ["Fri", "Sat", "Sun"] as const;
export type Night = (typeof nights)[number];

/** Who pays for which night: the key by which a payment happens once, however often it is asked for. */
export type Stay = `${Night} ${string}`;

export const partsOf = (stay: Stay): readonly [Night, string] => [stay.slice(0, 3) as Night, stay.slice(4)];

/** Whose a night is. A guest is an object, as one may well be called "nobody". */
export type Holder = { readonly guest: string } | "nobody" | "another platform";

export const isGuest = (holder: Holder | undefined, guest: string): boolean =>
  typeof holder === "object" && holder.guest === guest;

export type Card = "good" | "declined" | "slow";

/** The payment processor is another company, which knows no transaction of ours: it says yes, or no, sooner or later. */
export async function authorise(card: Card, cents: number): Promise<void> {
  if (card === "slow") await new Promise((resolve) => setTimeout(resolve, 300));
  if (card === "declined") throw new DeclinedError(`${cents} cents are refused`);
}

/** The guest is told why, and has lost nothing. */
export class RefusedError extends Error {
  override readonly name: string = "RefusedError";
}

export class DeclinedError extends RefusedError {
  override readonly name = "DeclinedError";
}

export class TakenError extends RefusedError {
  override readonly name = "TakenError";

  constructor(night: Night) {
    super(`${night} is taken`);
  }
}

export class ExpiredError extends RefusedError {
  override readonly name = "ExpiredError";

  constructor(night: Night) {
    super(`there is no price for ${night} that still holds`);
  }
}

/** The guest is told: the night is taken, the card is declined, the price has expired, or we cannot book now. */
export function unlessRefused(error: unknown): undefined {
  if (error instanceof RefusedError || isUnavailable(error) || isIndeterminate(error)) return undefined;
  throw error;
}

export const regions = ["virginia", "dublin", "singapore"] as const;
type World = ScenarioContext<(typeof regions)[number]>;

/** The same guests at either counter. */
export interface Desk {
  show(client: Session, guest: string, night?: Night): Promise<number>;
  book(client: Session, guest: string, card: Card, night?: Night): Promise<number>;
  importNight(client: Session): Promise<void>;
  isSoldElsewhere(client: Session): Promise<boolean>;
}

/** Ann in Dublin and Bo in Singapore want the same night; so does Cleo, whose card is declined. */
export const sameNight =
  (desk: Desk) =>
  async ({ session, sleep, random }: World): Promise<void> => {
    const book = async (region: "dublin" | "singapore", guest: string, card: Card) => {
      await sleep(random() * 600);
      const client = session(region);
      await desk.show(client, guest);
      await desk.book(client, guest, card).catch(unlessRefused);
    };
    await Promise.all([
      book("dublin", "ann", "good"),
      book("singapore", "bo", "good"),
      book("dublin", "cleo", "declined"),
    ]);
  };

/** Ann looks at a price, thinks for a moment, and books. Meanwhile the dollar falls. */
export const thinking =
  (desk: Desk) =>
  async ({ session, sleep, random, check }: World): Promise<void> => {
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

/** Another platform sells the night that Ann books, whose bank takes its time. Its calendar arrives when it arrives. */
export const soldTwice =
  (desk: Desk) =>
  async ({ session, sleep, random, converged }: World): Promise<void> => {
    const guest = async () => {
      const client = session("dublin");
      await desk.show(client, "ann");
      await sleep(random() * 1_000);
      await desk.book(client, "ann", "slow").catch(unlessRefused);
    };
    const platform = async () => {
      await sleep(random() * 2_000);
      await desk.importNight(session("virginia"));
    };
    await Promise.all([guest(), platform()]);
    converged("the night is the other platform's", desk.isSoldElsewhere);
  };

/** What booking waits for: for a majority, wherever that is. */
export const atTheDesk =
  <Place extends string>(desk: Desk, places: readonly Place[]) =>
  async ({ session, sleep, random, now, measure }: ScenarioContext<Place>): Promise<void> => {
    for (const [index, place] of places.entries()) {
      await sleep(random() * 100);
      const client = session(place);
      await desk.show(client, place, nights[index]);
      const startedAt = now();
      await desk.book(client, place, "good", nights[index]);
      measure(`a booking from ${place}`, now() - startedAt, { unit: "ms", claim: "< 200 ms" });
    }
  };

/** Singapore is cut off for as long as this takes, and somebody books in each place. */
export const whileCutOff =
  (desk: Desk) =>
  async ({ session, faults, measure }: World): Promise<void> => {
    faults.isolate("singapore");
    let answered = 0;
    for (const [index, place] of regions.entries()) {
      const client = session(place);
      await desk.show(client, place, nights[index]);
      const charged = await desk.book(client, place, "good", nights[index]).catch(unlessRefused);
      if (charged !== undefined) answered += 100 / 3;
    }
    measure("bookings answered in that time", answered, { unit: "%", claim: "99.95 % of all time" });
  };
