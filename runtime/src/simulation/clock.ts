const million = 1_000_000;

/**
 * A node's two clocks, as functions of true time in microseconds. Both run at the node's own rate. The wall clock can be
 * set, and may be set wrongly (skew); the steady clock (`CLOCK_MONOTONIC`) cannot. Integers throughout: a drift is a
 * number of microseconds gained, or lost, in a true second.
 */
export class NodeClock {
  /** What the wall clock is wrong by, apart from drift. */
  skewUs = 0;
  private drifts: readonly number[] = [];
  private driftPpm = 0;
  private driftingSinceUs = 0;
  private steadyOffsetUs = 0;
  /** What the wall clock has gained since it was last right. */
  private wallGainUs = 0;

  wallAt(trueUs: number): number {
    return trueUs + this.skewUs + this.wallGainUs + this.gainAt(trueUs);
  }

  steadyAt(trueUs: number): number {
    return trueUs + this.steadyOffsetUs + this.gainAt(trueUs);
  }

  /** How much true time passes until the steady clock has advanced by so much, at the present rate. */
  trueDelay(steadyUs: number): number {
    return this.driftPpm === 0 ? steadyUs : Math.ceil((steadyUs * million) / (million + this.driftPpm));
  }

  beginDrift(ppm: number, trueUs: number): void {
    this.setDrifts([...this.drifts, ppm], trueUs);
  }

  /**
   * Takes back one drift of that size. A wall clock that runs true again is set right too, as a time service would; the
   * steady clock keeps what it has.
   */
  endDrift(ppm: number, trueUs: number): void {
    const at = this.drifts.indexOf(ppm);
    this.setDrifts(
      this.drifts.filter((_, index) => index !== at),
      trueUs,
    );
    if (this.drifts.length === 0) this.wallGainUs = 0;
  }

  copy(): NodeClock {
    return Object.assign(new NodeClock(), this);
  }

  private setDrifts(drifts: readonly number[], trueUs: number): void {
    const gainUs = this.gainAt(trueUs);
    this.steadyOffsetUs += gainUs;
    this.wallGainUs += gainUs;
    this.driftingSinceUs = trueUs;
    this.drifts = drifts;
    // Rates are multiplied, so that two drifts at once leave a clock slow and do not turn it round.
    const ratePpm = drifts.reduce((rate, ppm) => Math.ceil((rate * (million + ppm)) / million), million);
    this.driftPpm = ratePpm - million;
  }

  private gainAt(trueUs: number): number {
    if (this.driftPpm === 0) return 0;
    return Math.floor(((trueUs - this.driftingSinceUs) * this.driftPpm) / million);
  }
}
