import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Scheduler } from "./scheduler.js";

describe("the scheduler", () => {
  it("runs events as a sorted list would: by time, then by order of scheduling", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 200 }), (delays) => {
        const scheduler = new Scheduler();
        const ran: string[] = [];
        for (const [index, delay] of delays.entries())
          scheduler.after(delay, () => ran.push(`${scheduler.nowUs}:${index}`));
        while (scheduler.step());
        const sorted = delays
          .map((delay, index) => ({ delay, index }))
          .sort((a, b) => a.delay - b.delay || a.index - b.index);
        expect(ran).toEqual(sorted.map(({ delay, index }) => `${delay}:${index}`));
      }),
    );
  });

  it("runs what an event schedules at the same instant after what was there before", () => {
    const scheduler = new Scheduler();
    const ran: string[] = [];
    scheduler.after(5, () => {
      ran.push("first");
      scheduler.after(0, () => ran.push("third"));
    });
    scheduler.after(5, () => ran.push("second"));
    while (scheduler.step());
    expect(ran).toEqual(["first", "second", "third"]);
    expect(scheduler.nowUs).toBe(5);
    expect(scheduler.isEmpty).toBe(true);
  });
});
