import type { Level } from "../../levels.js";

/** What operations cost by level. Whole cents, so that sums are exact and comparing two of them is no matter of rounding. */
export interface Prices {
  /** Where the figures are from: shown wherever they are. */
  readonly source: string;
  readonly centsPerMillionOperations: Readonly<Record<Level, number>>;
}

/**
 * The prices of the document that Faultline follows, as its comments have them: the factors beside those are a thousand
 * times as large. They are a model and nobody's price list; what they are good for is to compare levels.
 */
export const documentPrices: Prices = {
  source: "the document's model",
  centsPerMillionOperations: { none: 1, eventual: 5, causal: 20, sequential: 50, linearizable: 200 },
};
