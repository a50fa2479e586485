import { type CategoryId, classify, mentions } from "../../../../runtime/src/advice/classification/index.js";
import type { Cell } from "../../analysis/model.js";

/** What may not be counted wrongly even for a moment. */
const scarce: ReadonlySet<string> = new Set<CategoryId>(["money", "stock", "booking", "quota", "price"]);

/** Any word of such a thing in the name is enough to leave the counter alone; its class counts if it says so clearly. */
export function namesSomethingScarce({ name, owner }: Cell): boolean {
  return (
    mentions({ name }).some(({ category }) => scarce.has(category)) || scarce.has(classify({ name, owner }).category)
  );
}
