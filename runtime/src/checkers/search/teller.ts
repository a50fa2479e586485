import { interval, list, phrase, seconds } from "../wording.js";
import type { PartitionCell, PartitionEvent, Step } from "./partition.js";

/** Puts events into words, with the labels of the partition's cells. */
export class Teller {
  constructor(
    private readonly cells: readonly PartitionCell[],
    /** The events that are told of: what tells them apart. */
    private readonly events: readonly PartitionEvent[],
  ) {}

  /** `nyc wrote 50 to x` */
  deed(event: PartitionEvent): string {
    return `${this.who(event)} ${this.act(event)}`;
  }

  /** `nyc wrote 50 to x (0.100–0.200 s)` */
  timed(event: PartitionEvent): string {
    return `${this.who(event)} ${this.timedAct(event)}`;
  }

  /** `wrote 50 to x (0.100–0.200 s)` */
  timedAct(event: PartitionEvent): string {
    return `${this.act(event)} (${interval(event.source)})`;
  }

  label(step: Step): string {
    return this.cells[step.cell]?.label ?? "";
  }

  /** The session too, where the region alone does not tell two apart. */
  who({ source }: PartitionEvent): string {
    const others = this.events.filter((event) => event.source.region === source.region);
    const alone = others.every((event) => event.source.session === source.session);
    return alone ? source.region : `${source.region} (session ${source.session})`;
  }

  /** Who did it; when it began too, where others among the events are of the same session. */
  one(event: PartitionEvent): string {
    const { session, invokedUs } = event.source;
    const isOnly = this.events.every(({ source }) => source === event.source || source.session !== session);
    return isOnly ? this.who(event) : `${this.who(event)} at ${seconds(invokedUs)}`;
  }

  private act(event: PartitionEvent): string {
    const acts = event.steps.map((step) => phrase(this.label(step), step.operation, step.expected));
    return `${list(acts)}${event.source.transaction ? " in one transaction" : ""}`;
  }
}
