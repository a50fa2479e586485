import type { Level } from "../../levels.js";
import { documentPrices, type Prices } from "./prices.js";

/** Of so many operations at a level, in millionths of a cent: whole numbers, to compare by. */
export function microcentsOf(level: Level, operations: number, prices: Prices = documentPrices): number {
  return operations * prices.centsPerMillionOperations[level];
}

/** For people and documents: `0.2`. */
export function usdPerMillionOperations(level: Level, prices: Prices = documentPrices): number {
  return prices.centsPerMillionOperations[level] / 100;
}
