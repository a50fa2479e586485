import { describe, expect, it } from "vitest";
import type { TraceEvent } from "../../../runtime/src/simulation/trace.js";
import { call, operation, partition, seconds, story, transfers } from "./testing/story-events.js";

describe("faults in a story", () => {
  it("tells overlapping faults apart, and heals with the last", () => {
    const crash = (at: number, phase: "start" | "end"): TraceEvent =>
      ({ ...partition(at, phase), fault: "crash", text: "tokyo" }) as TraceEvent;
    const events = [
      partition(0.1, "start"),
      crash(0.2, "start"),
      crash(0.3, "end"),
      partition(0.4, "end"),
      operation(1, 0.5, 1, "page.views", "+1"),
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1
   0.100 s  ════ partition: nyc │ london, tokyo ════
   0.200 s  ═════════════ crash: tokyo ═════════════
   0.300 s  ════════════ restart: tokyo ════════════
   0.400 s  ═════════════════ heal ═════════════════
   0.500 s  page.views +1  :1
`);
  });

  it("says where replicas met while others were cut off", () => {
    const met = transfers.filter((event) => event.kind !== "fault" || event.phase === "start");
    expect(story(met, { racing: [15, 25] })).toContain("carol.incoming in nyc: last writer wins keeps ②");
  });

  it("begins with what began before anything was done at that moment, and ends a fault after it", () => {
    const events = [
      call(1, 0, 1, "page.view()"),
      operation(2, 0, 1, "page.views", "+1", { call: 1 }),
      partition(0, "start"),
      operation(3, 0.4, 1, "page.views", "+1"),
      partition(0.4, "end"),
      operation(4, 0.5, 1, "page.views", "+1"),
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1
   0.000 s  ════ partition: nyc │ london, tokyo ════
   0.000 s  page.view()
   0.000 s   └ page.views +1  :2
   0.400 s  page.views +1  :3
   0.400 s  ═════════════════ heal ═════════════════
   0.500 s  page.views +1  :4
`);
  });

  it("heals when the last link is whole, whatever clocks and machines do", () => {
    const fault = (at: number, phase: "start" | "end", kind: string, text: string): TraceEvent => ({
      ...{ kind: "fault", atUs: seconds(at), fault: kind, phase, text },
    });
    const events = [
      fault(0, "start", "clockSkew", "nyc is 3 s ahead"),
      fault(0.1, "start", "slowRegion", "tokyo 4 ×"),
      fault(0.1, "start", "isolate", "nyc │ london, tokyo"),
      fault(0.2, "end", "isolate", "nyc │ london, tokyo"),
      fault(0.3, "start", "partition", "nyc │ london, tokyo"),
      fault(0.4, "end", "slowRegion", "tokyo 4 ×"),
      fault(0.4, "end", "partition", "nyc │ london, tokyo"),
      operation(1, 0.5, 1, "page.views", "+1"),
    ];
    const banners = story(events)
      .split("\n")
      .flatMap((line) => /═ (.*) ═/.exec(line)?.[1] ?? []);
    expect(banners).toEqual([
      ...["clock: nyc is 3 s ahead", "slow region: tokyo 4 ×", "isolate: nyc │ london, tokyo"],
      ...["isolate ends: nyc │ london, tokyo", "partition: nyc │ london, tokyo", "heal"],
    ]);
  });

  it("heals when the partition ends, as an order that was given before has no end", () => {
    const order: TraceEvent = { kind: "fault", atUs: seconds(0.3), fault: "promote", phase: "start", text: "london" };
    const events = [
      partition(0.2, "start"),
      order,
      operation(1, 0.4, 1, "page.views", "+1"),
      partition(0.5, "end"),
      operation(2, 0.6, 1, "page.views", "+1"),
      { ...order, atUs: seconds(0.6), phase: "end" } as const,
      operation(3, 0.7, 1, "page.views", "+1"),
    ];
    const banners = story(events)
      .split("\n")
      .flatMap((line) => /═ (.*) ═/.exec(line)?.[1] ?? []);
    expect(banners).toEqual(["partition: nyc │ london, tokyo", "promote: london", "heal"]);
  });

  it("shows the fault in which a transaction could not commit, although its operations were before it", () => {
    const events = [
      call(1, 0, 1, "page.view()", { endUs: seconds(2), outcome: "info" }),
      operation(2, 0.1, 1, "page.views", "0 → 1", { call: 1, outcome: "info" }),
      partition(0.2, "start"),
      partition(3, "end"),
    ];
    expect(story(events)).toContain("partition: nyc │ london, tokyo");
    expect(story(events)).not.toContain("heal");
    expect(story([call(1, 0, 1, "page.view()"), ...events.slice(1)])).not.toContain("partition");
  });

  it("words the faults of clocks", () => {
    const clock = (at: number, phase: "start" | "end", fault: string, text: string): TraceEvent => ({
      ...(partition(at, phase) as Extract<TraceEvent, { kind: "fault" }>),
      fault,
      text,
    });
    const events = [
      clock(0, "start", "clockSkew", "nyc is 3 s ahead"),
      clock(0.1, "start", "clockDrift", "london runs 50 % slow"),
      clock(0.2, "end", "clockSkew", "nyc is 3 s ahead"),
      clock(0.3, "end", "clockDrift", "london runs 50 % slow"),
      operation(1, 0.5, 1, "page.views", "+1"),
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1
   0.000 s  ══════════ clock: nyc is 3 s ahead ═══════════
   0.100 s  ════════ clock: london runs 50 % slow ════════
   0.200 s  ═════ clock: nyc is no longer 3 s ahead ══════
   0.300 s  ═══ clock: london no longer runs 50 % slow ═══
   0.500 s  page.views +1  :1
`);
  });
});
