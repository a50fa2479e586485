import type { Chooser } from "../../simulation/agenda.js";
import { Prng } from "../../simulation/prng.js";
import type { Occasion } from "../../simulation/scheduler.js";

/** So many orders show what a search without all orders would not see. */
export const probes = 8;

/**
 * Picks by itself: always the first, always the last, or by chance. Where steps of two sessions come to the same in either order
 * one order is searched, so sessions that share a variable have to be found out before: in another order they ask otherwise.
 */
export class Probe implements Chooser {
  private readonly random: Prng;

  constructor(private readonly index: number) {
    this.random = Prng.seeded(index, "probe");
  }

  choose({ length }: readonly Occasion[]): number {
    if (this.index < 2) return this.index === 0 ? 0 : length - 1;
    return this.random.below(length);
  }

  ended(): void {}
}
