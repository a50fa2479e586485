import type { Acknowledgement } from "./messages.js";
import { silentBeats } from "./timing.js";

/** What the primary knows of another replica. */
export class Follower {
  /** Heartbeats since it was last heard. */
  private unanswered = 0;
  /** The newest view of this epoch that it has on its disk. */
  version = 0;
  /** The newest round that it has answered. */
  round = 0;

  constructor(
    readonly replica: number,
    /** Up to here its log is known to be the primary's. */
    public match: number,
    /** What to send next; ahead of `match` while entries are on their way. */
    public next: number,
  ) {}

  get isAudible(): boolean {
    return this.unanswered <= silentBeats;
  }

  beaten(): void {
    this.unanswered++;
  }

  acknowledged({ matched, version, round }: Acknowledgement): void {
    this.unanswered = 0;
    this.match = Math.max(this.match, matched);
    this.next = Math.max(this.next, this.match + 1);
    this.version = Math.max(this.version, version);
    this.round = Math.max(this.round, round);
  }

  /** Whether it is new that its log differs at `index`; then what follows has to be sent again. */
  mismatched(previousIndex: number, index: number): boolean {
    this.unanswered = 0;
    if (previousIndex <= this.match || index >= this.next) return false;
    this.next = Math.max(index, this.match + 1);
    return true;
  }
}
