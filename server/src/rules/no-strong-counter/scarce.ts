import type { Cell } from "../../analysis/model.js";

/** Words for what may not be counted wrongly even for a moment: money, stock, quota. Whole words, so `livestock` is not stock. */
const scarce = new Set(
  `amount allowance availability available balance booking budget capacity cash cent charge coin cost credit debit deposit
   dollar escrow euro fee free fund inventory invoice ledger left limit loan margin money occupancy owed paid pay payment
   payout price quantity quota refund remaining reservation reserve reserved revenue salary seat slot sold spend spent stake
   stock supply tax ticket token unsold usd vacancy voucher wage wallet withdrawal`
    .split(/\s+/)
    .filter(Boolean),
);

/** Only these in the class's name say something of a counter that has a name of its own. */
const scarceOwners = new Set(["wallet", "stock", "inventory", "quota", "budget", "ledger"]);
const colourless = new Set(["count", "counter", "value", "total", "number", "amount", "current", "size"]);

export function namesSomethingScarce(cell: Cell): boolean {
  const words = wordsOf(cell.name);
  if (words.some((word) => scarce.has(word))) return true;
  return words.every((word) => colourless.has(word)) && wordsOf(cell.owner).some((word) => scarceOwners.has(word));
}

/** `remainingSeats` → remaining, seat */
function wordsOf(name: string): readonly string[] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
  return words.map((word) => (scarce.has(word) ? word : word.replace(/ies$/, "y").replace(/s$/, "")));
}
