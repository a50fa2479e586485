/**
 * TrueTime: a clock that says how wrong it may be (Corbett et al., Spanner, OSDI 2012, §3), and the timestamps that are
 * taken from it. `now` is always what this node's wall clock says, in microseconds: true time lies within ε of it.
 *
 * A timestamp is a number of microseconds times the number of shards plus the number of the shard that gave it. So no two
 * commits of a domain have the same one, and their order is total.
 */
export class TrueTime {
  constructor(
    private readonly epsilonUs: number,
    private readonly shardCount: number,
  ) {}

  /** `TT.now().latest`, its whole microsecond included. */
  latest(now: number): number {
    return Math.max(0, this.at(now + this.epsilonUs));
  }

  /** The last timestamp of the microsecond that the clock shows. */
  at(now: number): number {
    return now * this.shardCount + this.shardCount - 1;
  }

  /** The first timestamp that a shard can give which is at least `TT.now().latest` and greater than `after`. */
  next(shard: number, now: number, after: number): number {
    const least = Math.max((now + this.epsilonUs) * this.shardCount, after + 1, this.shardCount);
    return least + ((shard + this.shardCount - (least % this.shardCount)) % this.shardCount);
  }

  /** The timestamp so many microseconds before another one. */
  before(timestamp: number, us: number): number {
    return timestamp - us * this.shardCount;
  }

  /** Until `TT.after(timestamp)`: then it has passed on every clock. Not above 0 if that is so already. */
  leftUs(timestamp: number, now: number): number {
    return Math.floor(timestamp / this.shardCount) + 1 - (now - this.epsilonUs);
  }
}
