import { isIndeterminate, isUnavailable } from "@faultline/runtime";

export const nights = ["Fri", "Sat", "Sun"] as const;
export type Night = (typeof nights)[number];

/** Who pays for which night: the key by which a payment happens once, however often it is asked for. */
export type Stay = `${Night} ${string}`;

export const partsOf = (stay: Stay): readonly [Night, string] => [stay.slice(0, 3) as Night, stay.slice(4)];

/** Whose a night is. A guest is an object, as one may well be called "nobody". */
export type Holder = { readonly guest: string } | "nobody" | "another platform";

export const isGuest = (holder: Holder | undefined, guest: string): boolean =>
  typeof holder === "object" && holder.guest === guest;

/** What a guest was shown. */
export interface Quote {
  readonly cents: number;
  readonly validUntilMs: number;
}

export const tenMinutesMs = 600_000;

export type Card = "good" | "declined";

/** The payment processor is another company, which knows no transaction of ours: it says yes, or it says no. */
export function authorise(card: Card, cents: number): void {
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
