import type { Leadership } from "../consensus/leadership.js";
import { maxDriftRatio } from "./claims.js";
import type { TrueTimeMessage } from "./messages.js";
import type { Shard, ShardHost } from "./shard.js";

interface Question {
  readonly from: number;
  readonly timestamp: number;
  /** The last entry of the log when the leader stopped giving timestamps up to this one. */
  readonly index: number;
  /** A majority has been asked whether this replica still leads. */
  isAsked: boolean;
}

/**
 * Promises to readers that nothing is going to commit below their timestamp. The leader keeps them as long as it leads;
 * this sees to it that they hold beyond that.
 */
export class Promises {
  private readonly questions = new Map<number, Question>();
  private nextQuestion = 0;

  constructor(
    private readonly shard: Shard,
    private readonly host: ShardHost,
  ) {}

  ask(from: number, timestamp: number): void {
    this.questions.set(this.nextQuestion++, { from, timestamp, index: this.shard.log.lastIndex, isAsked: false });
    this.host.changed();
  }

  /** The leader leads no more: who has asked asks the next one. */
  abandon(): void {
    this.questions.clear();
  }

  /** This replica led at some time after the question's timestamp had passed on every clock, or that cannot be said. */
  confirmed(number: number, index: number | undefined): void {
    const question = this.questions.get(number);
    this.questions.delete(number);
    if (question !== undefined && index !== undefined) this.answer(question);
  }

  progress(leadership: Leadership): void {
    for (const [number, question] of this.questions)
      if (!question.isAsked) this.tryAnswer(number, question, leadership);
  }

  /** How long until a question can be answered for all that the clock says; undefined if none waits for that. */
  get clockLeftUs(): number | undefined {
    let least: number | undefined;
    for (const { timestamp, isAsked } of this.questions.values()) {
      if (isAsked) continue;
      const leftUs = this.host.time.leftUs(timestamp, this.host.effects.now);
      least = Math.min(least ?? leftUs, leftUs);
    }
    return least;
  }

  /**
   * A later leader gives timestamps above what its own clock says then. So the promise outlives this leadership if nobody
   * else can be elected before the timestamp has passed on every clock. A lease says so beforehand (Spanner's leases do
   * too: §4.1.1); without one it takes that time, and a majority that confirms the leadership after it.
   */
  private tryAnswer(number: number, question: Question, leadership: Leadership): void {
    const leftUs = Math.max(0, this.host.time.leftUs(question.timestamp, this.host.effects.now));
    if (leadership.leaseLeftUs > Math.ceil(leftUs * (1 + maxDriftRatio))) {
      this.questions.delete(number);
      this.answer(question);
    } else if (leftUs === 0) {
      question.isAsked = true;
      leadership.askIndex({ from: this.shard.replica.self, sequence: number });
    }
  }

  private answer({ from, timestamp, index }: Question): void {
    if (from !== this.shard.replica.self) {
      const answer: TrueTimeMessage = { kind: "safeTime", shard: this.shard.number, timestamp, index };
      this.host.effects.send(from, answer);
      return;
    }
    this.shard.promise(timestamp, index);
    this.host.changed();
  }
}
