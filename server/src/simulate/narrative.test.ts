import { describe, expect, it } from "vitest";
import type { OperationEvent, Trace, TraceEvent } from "../../../runtime/src/simulation/trace.js";
import { narrate } from "./narrative.js";
import type { Plot } from "./story.js";

const us = (ms: number): number => ms * 1_000;

function operation(id: number, region: string, untilMs: number, more: Partial<OperationEvent>): OperationEvent {
  const [session, call] = region === "nyc" ? [1, 0] : [2, 1];
  return {
    ...{
      kind: "operation",
      id,
      call,
      transaction: undefined,
      atUs: us(untilMs - 10),
      endUs: us(untilMs),
      session,
      region,
    },
    ...{
      setup: false,
      cell: "carol.incoming",
      level: "eventual",
      operation: "update",
      mutates: true,
      detail: "0 → 30",
    },
    ...{ outcome: "ok", error: undefined, site: undefined, unseen: [], judging: false, requests: [] },
    ...more,
  };
}

function call(id: number, region: string, [fromMs, untilMs]: readonly [number, number], object: string): TraceEvent {
  return {
    ...{
      kind: "call",
      id,
      parent: undefined,
      atUs: us(fromMs),
      endUs: us(untilMs),
      session: id + 1,
      region,
      setup: false,
    },
    ...{ object, method: "transfer", args: ["carol", "30"], outcome: "ok", error: undefined, site: undefined },
  };
}

function partition(phase: "start" | "end", atMs: number): TraceEvent {
  return { kind: "fault", atUs: us(atMs), fault: "partition", phase, text: "nyc │ london" };
}

const events: readonly TraceEvent[] = [
  call(0, "nyc", [100, 130], "alice"),
  operation(2, "nyc", 110, { cell: "alice.balance", detail: "100 → 70", outcome: "info" }),
  operation(3, "nyc", 120, {}),
  {
    ...{ kind: "message", id: 1, sentUs: us(115), deliveredUs: undefined, from: "nyc", to: "london", domain: "gossip" },
    ...{ text: "operation", after: undefined, operations: [3] },
  },
  partition("start", 200),
  call(1, "london", [300, 330], "bob"),
  operation(4, "london", 320, { detail: "0 → 20", unseen: [3] }),
  {
    ...{ kind: "merge", atUs: us(400), region: "london", cell: "carol.incoming", policy: "last writer wins" },
    kept: { operation: 4, value: "20", stampUs: us(315) },
    dropped: { operation: 3, value: "30", stampUs: us(115) },
  },
  partition("end", 500),
  {
    kind: "verdict",
    atUs: us(900),
    name: "money is conserved",
    region: "nyc",
    ok: false,
    text: "expected 300, observed 270",
  },
];

const trace: Trace = {
  ...{ version: 1, seed: 1, regions: ["nyc", "london"], events },
  sessions: [
    { id: 1, region: "nyc" },
    { id: 2, region: "london" },
  ],
};
const plot: Plot = { name: "money is conserved", racing: [3, 4], cells: ["carol.incoming"], domain: null };

describe("the story in sentences", () => {
  it("tells what was done, what was not known and why, what was lost and where that came to light", () => {
    const told = narrate(trace, plot).map(({ text }, index) => `${index + 1} ${text}`);
    expect(told).toEqual([
      "1 nyc changes `alice.balance` from 100 to 70 in `transfer(alice → carol, 30)`; whether that happened stays unknown.",
      "2 nyc changes `carol.incoming` from 0 to 30.",
      "3 The network splits: nyc │ london.",
      "4 london changes `carol.incoming` from 0 to 20 in `transfer(bob → carol, 30)`, not knowing of 2: what would have told of it was lost on the way.",
      "5 london now has both writes to `carol.incoming`: last writer wins keeps 20 (from 4) and drops 30 (from 2).",
      "6 All has healed and settled. In nyc, “money is conserved” is checked: expected 300, observed 270.",
    ]);
  });

  it("says of each sentence which events it tells, in order of time", () => {
    const story = narrate(trace, plot);
    expect(story.map((sentence) => sentence.events.map((index) => events[index]?.kind))).toEqual([
      ...[["operation"], ["operation"], ["fault"], ["operation"], ["merge"], ["verdict"]],
    ]);
    expect(story.map(({ atUs }) => atUs)).toEqual(story.map(({ atUs }) => atUs).toSorted((a, b) => a - b));
  });

  it("says that news could not get through while the network was split, and was late otherwise", () => {
    const kept = events.map((event) => (event.kind === "message" ? { ...event, sentUs: us(250) } : event));
    const told = (all: readonly TraceEvent[]) => narrate({ ...trace, events: all }, plot)[3]?.text;
    expect(told(kept)).toContain("not knowing of 2: the news of it could not get through.");
    const late = kept.map((event) => (event.kind === "message" ? { ...event, deliveredUs: us(390) } : event));
    expect(told(late)).toContain("not knowing of 2: the news of it is still on the way.");
  });

  it("says what a read did not know of, although it came after", () => {
    const read = { mutates: false, operation: "read", detail: "= 0" };
    const stale = (detail: string): string | undefined => {
      const all = events.map((event) =>
        event.kind === "operation" && event.id === 4 ? { ...event, ...read, detail, unseen: [] } : event,
      );
      return narrate({ ...trace, events: all }, plot).find(({ text }) => text.startsWith("london reads"))?.text;
    };
    expect(stale("= 0")).toContain("not knowing of 2");
    expect(stale("= 30")).not.toContain("not knowing");
    expect(stale("= {a, b…}")).not.toContain("not knowing");
  });

  it("tells sessions of one region apart", () => {
    const near = events.map((event) =>
      "region" in event && event.kind !== "verdict" ? { ...event, region: "nyc" } : event,
    );
    const told = narrate({ ...trace, events: near }, plot).map(({ text }) => text);
    expect(told[1]).toMatch(/^nyc \(session 1\) changes/);
    expect(told[3]).toMatch(/^nyc \(session 2\) changes/);
  });

  it("tells of an operation that outlasts the check when it began", () => {
    const slow = events.map((event) =>
      event.kind === "operation" && event.id === 4 ? { ...event, endUs: us(2_000) } : event,
    );
    const told = narrate({ ...trace, events: slow }, plot).map(({ text }) => text);
    expect(told.find((text) => text.startsWith("london changes"))).toContain("that takes until 2.000 s");
    expect(told.at(-1)).toContain("is checked");
  });

  it("says in words what was looked for and found, and where something was to go", () => {
    const told = (more: Partial<OperationEvent>): string =>
      narrate(
        { ...trace, events: [operation(1, "nyc", 100, { call: undefined, cell: "loft.nights", ...more })] },
        { name: "", racing: [1], cells: [], domain: null },
      )[0]?.text ?? "";
    const reading = (operation: string, detail: string) => told({ operation, detail, mutates: false });
    expect(reading("has", '"fri" = false')).toBe('nyc finds no "fri" in `loft.nights`.');
    expect(reading("get", '"fri" = "ann"')).toBe('nyc reads "ann" at "fri" of `loft.nights`.');
    expect(reading("entries", "= []")).toBe("nyc reads [] from `loft.nights`.");
    expect(reading("size", "= 2")).toBe("nyc counts 2 in `loft.nights`.");
    expect(told({ operation: "put", detail: '"fri" → "bo"' })).toBe('nyc sets "fri" of `loft.nights` to "bo".');
    const lost = { outcome: "info", tookEffect: true } as const;
    expect(told({ operation: "append", detail: '"bo"', ...lost })).toBe(
      'nyc wants to append "bo" to `loft.nights`; no answer comes, but it has happened.',
    );
  });
});
