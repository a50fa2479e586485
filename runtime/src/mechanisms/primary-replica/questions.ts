import type { Question } from "./replica.js";

/**
 * Reads that wait at the primary, and the rounds in which a majority confirms its epoch. A read is confirmed by a round
 * that began after it came; reads that come during a round share the next one.
 */
export class Questions {
  /** The last round that was begun. */
  round = 0;
  private confirmedRound = 0;
  private waiting: { readonly question: Question; readonly round: number }[] = [];

  get open(): readonly Question[] {
    return this.waiting.map(({ question }) => question);
  }

  get isRoundUnderWay(): boolean {
    return this.round > this.confirmedRound;
  }

  /** Whether a round has to begin. */
  get needsRound(): boolean {
    return !this.isRoundUnderWay && this.waiting.some(({ round }) => round > this.round);
  }

  add(question: Question, isToBeConfirmed: boolean): void {
    this.waiting.push({ question, round: isToBeConfirmed ? this.round + 1 : 0 });
  }

  confirm(): void {
    this.confirmedRound = this.round;
  }

  /** The questions that may be answered now; they wait no more. */
  takeConfirmed(): readonly Question[] {
    if (this.waiting.length === 0) return [];
    const confirmed = this.waiting.filter(({ round }) => round <= this.confirmedRound);
    this.waiting = this.waiting.filter(({ round }) => round > this.confirmedRound);
    return confirmed.map(({ question }) => question);
  }
}
