import type { FlowEvent } from "./format.js";

export interface ArrowEnd {
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
}

/** Arrows between the slices that are open where they begin and end. */
export class Arrows {
  readonly events: FlowEvent[] = [];
  private ids = 0;

  draw(name: string, cat: string, from: ArrowEnd, to: ArrowEnd): void {
    const id = ++this.ids;
    this.events.push({ ph: "s", name, cat, ...from, id, bp: "e" }, { ph: "f", name, cat, ...to, id, bp: "e" });
  }
}
