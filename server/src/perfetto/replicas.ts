import type { MessageEvent, Trace } from "../../../runtime/src/simulation/trace.js";
import type { Arrows } from "./arrows.js";
import type { SliceEvent, Timed } from "./format.js";
import { processes } from "./tracks.js";

/** How long a step is drawn where nothing follows sooner: what a node takes for one message. */
const stepUs = 20;

interface Step {
  readonly received: string[];
  readonly sent: string[];
  readonly requests: string[];
  isUpkeep: boolean;
}

/** Tracks of replicas: what each received and sent at an instant is a slice there, for arrows need slices to end in. */
export class Replicas {
  readonly slices: SliceEvent[] = [];
  /** Lost messages, what merges dropped, and what mechanisms note. */
  readonly instants: Timed[] = [];
  private readonly steps = new Map<string, Map<number, Step>>();

  constructor(
    private readonly trace: Trace,
    private readonly arrows: Arrows,
  ) {
    for (const region of trace.regions) this.steps.set(region, new Map());
    for (const event of trace.events) {
      if (event.kind === "message" && event.sentUs >= 0) this.drawMessage(event);
      if (event.kind === "operation" && !event.setup)
        for (const { region, takenUs, answeredUs, kind } of event.requests) {
          add(this.step(region, takenUs).requests, `${kind} ${event.cell}`);
          if (answeredUs !== undefined) add(this.step(region, answeredUs).requests, `answers ${kind} ${event.cell}`);
        }
      if (event.kind === "note" && event.atUs >= 0) this.mark(event.region, event.atUs, "note", event.text);
      if (event.kind === "merge" && event.atUs >= 0) {
        const text = `${event.cell}: ${event.policy} keeps ${event.kept.value}, drops ${event.dropped.value}`;
        this.mark(event.region, event.atUs, "merge", text);
      }
    }
    for (const [region, steps] of this.steps) this.drawSteps(region, steps);
  }

  private drawMessage({ from, to, sentUs, deliveredUs, text, operations }: MessageEvent): void {
    const sending = this.step(from, sentUs);
    add(sending.sent, `${text} to ${to}`);
    if (operations.length > 0) sending.isUpkeep = false;
    if (deliveredUs === undefined) {
      this.mark(from, sentUs, "lost", `lost: ${text} to ${to}`);
      return;
    }
    const receiving = this.step(to, deliveredUs);
    add(receiving.received, `${text} from ${from}`);
    if (operations.length > 0) receiving.isUpkeep = false;
    const [start, end] = [this.track(from), this.track(to)];
    const category = operations.length > 0 ? "message" : "upkeep";
    this.arrows.draw(text, category, { ...start, ts: sentUs }, { ...end, ts: deliveredUs });
  }

  private step(region: string, atUs: number): Step {
    const steps = this.steps.get(region) as Map<number, Step>;
    let step = steps.get(atUs);
    if (step === undefined) {
      step = { received: [], sent: [], requests: [], isUpkeep: true };
      steps.set(atUs, step);
    }
    return step;
  }

  private drawSteps(region: string, steps: ReadonlyMap<number, Step>): void {
    const times = [...steps.keys()].sort((a, b) => a - b);
    times.forEach((ts, index) => {
      const { received, sent, requests, isUpkeep } = steps.get(ts) as Step;
      const why = requests.length > 0 ? requests : received.length > 0 ? received : sent;
      this.slices.push({
        ph: "X",
        name: why.join(", "),
        cat: requests.length > 0 || !isUpkeep ? "step" : "upkeep",
        ...{ ts, dur: Math.min(stepUs, (times[index + 1] ?? Number.POSITIVE_INFINITY) - ts), ...this.track(region) },
        args: { ...(received.length > 0 ? { received } : {}), ...(sent.length > 0 ? { sent } : {}) },
      });
    });
  }

  private mark(region: string, ts: number, cat: string, name: string): void {
    this.instants.push({ ph: "i", name, cat, ts, ...this.track(region), s: "t" });
  }

  private track(region: string) {
    return { pid: processes.replicas, tid: this.trace.regions.indexOf(region) + 1 };
  }
}

function add(texts: string[], text: string): void {
  if (!texts.includes(text)) texts.push(text);
}
