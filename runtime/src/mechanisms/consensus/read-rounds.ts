/** A replica's question for the index at which a read may be answered. */
export interface IndexQuestion {
  readonly from: number;
  readonly sequence: number;
}

/**
 * Read-index (dissertation §6.4): a leader that hears from a majority after a read has come knows that it led when the
 * read came, so its commit index of then covers every write completed before. Reads that come while a round is under
 * way share the next one.
 */
export class ReadRounds {
  /** Number of the newest round; heartbeats carry it and answers repeat it. */
  round = 0;
  private asked: IndexQuestion[] = [];
  private index = 0;
  private waiting: IndexQuestion[] = [];

  get isUnderWay(): boolean {
    return this.asked.length > 0;
  }

  get hasWaiting(): boolean {
    return this.waiting.length > 0;
  }

  add(question: IndexQuestion): void {
    this.waiting.push(question);
  }

  /** Begins a round for all that wait; the leader then sends heartbeats that carry its number. */
  begin(commitIndex: number): void {
    this.round++;
    this.index = commitIndex;
    this.asked = this.waiting;
    this.waiting = [];
  }

  /** A majority has answered the newest round. */
  confirm(answer: (question: IndexQuestion, index: number) => void): void {
    const { asked, index } = this;
    this.asked = [];
    for (const question of asked) answer(question, index);
  }

  /** All questions without an answer, when the leader stops leading. */
  abandon(): readonly IndexQuestion[] {
    return this.asked.concat(this.waiting);
  }
}
