import type { CallEvent, OperationEvent, OperationRequest, Trace } from "../../../runtime/src/simulation/trace.js";
import type { Arrows } from "./arrows.js";
import type { PerfettoArgs, SliceEvent } from "./format.js";
import { lanesOf, type Span } from "./lanes.js";
import type { PerfettoSubject } from "./subject.js";
import { processes } from "./tracks.js";

interface Doing extends Span {
  readonly event: CallEvent | OperationEvent;
  readonly parent: Doing | undefined;
}

/** Tracks of sessions: calls, in them operations, and the arrows between these and the replica that served them. */
export class Sessions {
  /** Names of the tracks; a session whose operations overlap has several. */
  readonly tracks: string[] = [];
  readonly slices: SliceEvent[] = [];
  private readonly doings = new Map<string, Doing>();
  private readonly trackOf = new Map<Doing, number>();
  private readonly calls: ReadonlyMap<number, CallEvent>;

  constructor(
    private readonly trace: Trace,
    private readonly subject: PerfettoSubject,
    private readonly endUs: number,
    private readonly arrows: Arrows,
  ) {
    this.calls = new Map(trace.events.flatMap((event) => (event.kind === "call" ? [[event.id, event]] : [])));
    for (const event of trace.events)
      if ((event.kind === "call" || event.kind === "operation") && !event.setup) this.doing(event);
    for (const { id, region } of trace.sessions) this.place(`session ${id} · ${region}`, id);
    for (const doing of this.doings.values()) this.slices.push(this.sliceOf(doing));
    this.connect();
  }

  private doing(event: CallEvent | OperationEvent): Doing {
    const key = `${event.kind} ${event.id}`;
    const known = this.doings.get(key);
    if (known !== undefined) return known;
    const parentId = event.kind === "call" ? event.parent : event.call;
    const parent = parentId === undefined ? undefined : this.calls.get(parentId);
    const doing: Doing = {
      event,
      startUs: event.atUs,
      endUs: event.endUs ?? this.endUs,
      // What \`setup\` began and did not await lies before time 0, and what it still does is shown by itself.
      parent: parent?.session !== event.session || parent.setup ? undefined : this.doing(parent),
    };
    this.doings.set(key, doing);
    return doing;
  }

  private place(name: string, session: number): void {
    const doings = [...this.doings.values()].filter(({ event }) => event.session === session);
    const lanes = lanesOf(doings);
    const count = Math.max(-1, ...lanes.values()) + 1;
    const first = this.tracks.length + 1;
    for (const [doing, lane] of lanes) this.trackOf.set(doing, first + lane);
    for (let lane = 0; lane < count; lane++) this.tracks.push(lane === 0 ? name : `${name} (beside ${lane})`);
  }

  private sliceOf(doing: Doing): SliceEvent {
    const { event, startUs, endUs } = doing;
    const { placeOf } = this.subject;
    const place = event.site === undefined ? undefined : placeOf(event.site);
    const args: PerfettoArgs = {
      outcome: event.outcome === "pending" ? "not answered" : event.outcome,
      region: event.region,
      ...(event.error === undefined ? {} : { error: event.error }),
      ...(place === undefined ? {} : { place }),
      ...(event.kind === "call" ? { arguments: [...event.args] } : { level: event.level, detail: event.detail }),
    };
    return {
      ph: "X",
      name: event.kind === "call" ? `${event.object}.${event.method}` : `${event.cell} ${event.operation}`,
      cat: event.kind === "operation" && event.judging ? "judging" : event.kind,
      ...{ ts: startUs, dur: endUs - startUs, pid: processes.sessions, tid: this.trackOf.get(doing) ?? 1 },
      args,
    };
  }

  /** A transaction's commit is asked for when its operations are over: by the call around them. */
  private connect(): void {
    const drawn = new Set<string>();
    for (const doing of this.doings.values()) {
      const { event } = doing;
      if (event.kind === "call") continue;
      event.requests.forEach((request, index) => {
        const key = `${event.session} ${request.kind} ${request.region} ${request.takenUs}`;
        const around = [doing, doing.parent].find((each) => each !== undefined && request.takenUs < each.endUs);
        if (around === undefined || drawn.has(key)) return;
        drawn.add(key);
        this.connectRequest(around, request, event.requests[index - 1]?.answeredUs ?? event.atUs);
      });
    }
  }

  private connectRequest(around: Doing, { region, takenUs, answeredUs, kind }: OperationRequest, leftUs: number): void {
    const session = { pid: processes.sessions, tid: this.trackOf.get(around) ?? 1 };
    const replica = { pid: processes.replicas, tid: this.trace.regions.indexOf(region) + 1 };
    const asked = around.event.kind === "operation" ? Math.max(around.startUs, leftUs) : takenUs - 1;
    if (asked < around.startUs || takenUs <= asked) return;
    this.arrows.draw(kind, "request", { ...session, ts: asked }, { ...replica, ts: takenUs });
    // An arrow ends in a slice that is still open there.
    const heard = Math.min((answeredUs ?? 0) + 1, around.endUs - 1);
    if (answeredUs !== undefined && heard >= answeredUs)
      this.arrows.draw("answer", "request", { ...replica, ts: answeredUs }, { ...session, ts: heard });
  }
}
