/** A sale as the county records it: which house, for how much. It does not say whether the buyer is in the trade. */
export interface Sale {
  readonly house: number;
  readonly price: number;
}

/** What families pay for a house in this street, and have paid for as long as the county remembers. */
export const worth = 280_000;

/** What a house is taken to be worth: the average of the last five comparable ones. */
export function estimate(sales: readonly Sale[]): number {
  const before = Array.from({ length: 5 }, () => worth);
  const comparable = [...before, ...sales.map(({ price }) => price)].slice(-5);
  return comparable.reduce((sum, price) => sum + price, 0) / comparable.length;
}

/** Whoever sells asks for a little more than the neighbours got. */
export function askingPrice(sales: readonly Sale[]): number {
  return Math.round(1.015 * estimate(sales));
}

/** The buyer's rule: repairs and resale leave room for 2 %. */
export function worthTaking(price: number, worth: number): boolean {
  return price <= 1.02 * worth;
}
