import { type Chooser, sharedPlace } from "../../simulation/agenda.js";
import type { Occasion } from "../../simulation/scheduler.js";

/**
 * Picks what was picked before. Where the code, or what it calls, has changed since, some of that is not there any more:
 * then the next of the list that is, and where none is, whatever needs no timer.
 */
export class ChosenBefore implements Chooser {
  private readonly left: string[];

  constructor(events: readonly string[]) {
    this.left = [...events];
  }

  /** Whoever picked these took all user code for one flow. */
  get isShared(): boolean {
    return this.left.some((key) => key.startsWith(sharedPlace));
  }

  choose(enabled: readonly Occasion[]): number {
    const places = new Map(enabled.map(({ key }, index) => [key, index]));
    const at = this.left.findIndex((key) => places.has(key));
    if (at >= 0) return places.get(this.left.splice(at, 1)[0] as string) as number;
    const free = enabled.findIndex(({ kind }) => kind !== "timer");
    return Math.max(0, free);
  }

  ended(): void {}
}
