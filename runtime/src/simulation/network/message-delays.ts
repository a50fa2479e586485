/** A message that took longer than the distance; regions are indices. */
export interface LateMessage {
  readonly from: number;
  readonly to: number;
  /** The how manieth from one to the other, from 0. */
  readonly index: number;
  /** On top of the distance, before faults have their say. */
  readonly extraUs: number;
}

/** Hears of every message and may decide how late it is: who writes that down, and who knows it from before. */
export interface DelayLedger {
  /** One is sent, whatever becomes of it. */
  sent(from: number, to: number): void;
  /** How late the one is that was sent last, which chance would make `drawnUs` late. */
  latenessUs(from: number, to: number, drawnUs: number): number;
}

/** Counts the messages of each link, so that each has a number whatever becomes of it. */
class LinkCounts {
  private readonly counts: Uint32Array;

  constructor(private readonly regions: number) {
    this.counts = new Uint32Array(regions * regions);
  }

  sent(from: number, to: number): void {
    const link = this.linkOf(from, to);
    this.counts[link] = (this.counts[link] as number) + 1;
  }

  protected linkOf(from: number, to: number): number {
    return from * this.regions + to;
  }

  protected lastOn(link: number): number {
    return (this.counts[link] as number) - 1;
  }
}

/** Writes down how late messages were. */
export class DelayRecorder extends LinkCounts implements DelayLedger {
  readonly late: LateMessage[] = [];

  latenessUs(from: number, to: number, drawnUs: number): number {
    if (drawnUs > 0) this.late.push({ from, to, index: this.lastOn(this.linkOf(from, to)), extraUs: drawnUs });
    return drawnUs;
  }
}

/** Makes messages as late as was decided before; those that are not listed take just the distance. */
export class DecidedDelays extends LinkCounts implements DelayLedger {
  /** By link, extra microseconds by index. */
  private readonly decided = new Map<number, Map<number, number>>();

  constructor(regions: number, late: readonly LateMessage[]) {
    super(regions);
    for (const { from, to, index, extraUs } of late) {
      const link = this.linkOf(from, to);
      const onLink = this.decided.get(link) ?? new Map<number, number>();
      this.decided.set(link, onLink.set(index, extraUs));
    }
  }

  latenessUs(from: number, to: number): number {
    const link = this.linkOf(from, to);
    return this.decided.get(link)?.get(this.lastOn(link)) ?? 0;
  }
}
