import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { CallEvent, OperationEvent, Trace, TraceEvent } from "../../../runtime/src/simulation/trace.js";
import { type Plot, renderStory, type StoryOptions } from "./story.js";
import { Style } from "./style.js";

const seconds = (time: number): number => Math.round(time * 1_000_000);

function call(id: number, at: number, session: number, text: string, rest: Partial<CallEvent> = {}): CallEvent {
  const [, object = "", method = "", args = ""] = /^(\w+)\.(\w+)\((.*)\)$/.exec(text) ?? [];
  return {
    kind: "call",
    id,
    parent: undefined,
    atUs: seconds(at),
    endUs: seconds(at + 0.2),
    session,
    region: session === 1 ? "nyc" : "london",
    setup: false,
    object,
    method,
    args: args === "" ? [] : args.split(", "),
    outcome: "ok",
    error: undefined,
    site: undefined,
    ...rest,
  };
}

function operation(
  id: number,
  at: number,
  session: number,
  cell: string,
  detail: string,
  rest: Partial<OperationEvent> = {},
): OperationEvent {
  return {
    kind: "operation",
    id,
    call: undefined,
    transaction: undefined,
    atUs: seconds(at - 0.01),
    endUs: seconds(at),
    session,
    region: session === 1 ? "nyc" : "london",
    setup: false,
    cell,
    level: "eventual",
    operation: "update",
    mutates: true,
    detail,
    outcome: "ok",
    error: undefined,
    site: { line: id, column: 1 },
    unseen: [],
    judging: false,
    requests: [],
    ...rest,
  };
}

const traceOf = (events: readonly TraceEvent[]): Trace => ({
  version: 1,
  seed: 412,
  regions: ["nyc", "london", "tokyo"],
  sessions: [
    { id: 1, region: "nyc" },
    { id: 2, region: "london" },
  ],
  events,
});

const options: StoryOptions = { style: new Style(false), width: 110, lineOf: ({ line }) => `:${line}` };
const story = (events: readonly TraceEvent[], plot: Partial<Plot> = {}, rest: Partial<StoryOptions> = {}) =>
  `\n${renderStory(traceOf(events), { name: "money", racing: [], cells: [], domain: null, ...plot }, { ...options, ...rest })}\n`;

const partition = (at: number, phase: "start" | "end"): TraceEvent => ({
  kind: "fault",
  atUs: seconds(at),
  fault: "partition",
  phase,
  text: "nyc │ london, tokyo",
});

const transfers: readonly TraceEvent[] = [
  call(10, 0, 1, "alice.transfer(carol, 30)"),
  operation(14, 0.121, 1, "alice.balance", "100 → 70", { call: 10 }),
  operation(15, 0.122, 1, "carol.incoming", "0 → 30", { call: 10 }),
  partition(0.125, "start"),
  call(11, 0.4, 2, "bob.transfer(carol, 20)"),
  operation(24, 0.505, 2, "bob.balance", "100 → 80", { call: 11 }),
  operation(25, 0.506, 2, "carol.incoming", "0 → 20", { call: 11, unseen: [15] }),
  partition(5, "end"),
  {
    kind: "merge",
    atUs: seconds(5.031),
    region: "nyc",
    cell: "carol.incoming",
    policy: "last writer wins",
    kept: { operation: 25, value: "20", stampUs: 0 },
    dropped: { operation: 15, value: "30", stampUs: 0 },
  },
];

describe("a story", () => {
  it("has a column a session, marks what races, and faults across", () => {
    expect(story(transfers, { racing: [15, 25], cells: ["carol.incoming"] })).toBe(`
     time   nyc · session 1                     london · session 2
   0.000 s  transfer(alice → carol, 30)
   0.121 s   ├ alice.balance  100 → 70  :14
   0.122 s   └ carol.incoming   0 → 30  :15 ①
   0.125 s  ═══════════════════════ partition: nyc │ london, tokyo ════════════════════════
   0.400 s                                      transfer(bob → carol, 20)
   0.505 s                                       ├ bob.balance    100 → 80  :24
   0.506 s                                       └ carol.incoming   0 → 20  :25 ②  ① unseen
   5.000 s  ════════════════════════════════════ heal ═════════════════════════════════════
   5.031 s  carol.incoming: last writer wins keeps ② (20), drops ① (30)  ✗
`);
  });

  it("puts sessions below one another where the terminal is narrow", () => {
    expect(story(transfers, { racing: [15, 25], cells: ["carol.incoming"] }, { width: 80 })).toBe(`
     time   session
   0.000 s  nyc · session 1     transfer(alice → carol, 30)
   0.121 s  nyc · session 1      ├ alice.balance  100 → 70  :14
   0.122 s  nyc · session 1      └ carol.incoming   0 → 30  :15 ①
   0.125 s  ═══════════════ partition: nyc │ london, tokyo ════════════════
   0.400 s  london · session 2  transfer(bob → carol, 20)
   0.505 s  london · session 2   ├ bob.balance    100 → 80  :24
   0.506 s  london · session 2   └ carol.incoming   0 → 20  :25 ②  ① unseen
   5.000 s  ════════════════════════════ heal ═════════════════════════════
   5.031 s  carol.incoming: last writer wins keeps ② (20), drops ① (30)  ✗
`);
  });

  it("says how operations and calls ended that were not answered", () => {
    const events = [
      call(1, 0, 1, 'cart.add("book")', { outcome: "error", error: "sold out" }),
      operation(2, 0.1, 1, "cart.items", '+ "book"', { call: 1, outcome: "info" }),
      operation(3, 0.2, 2, "cart.items", '+ "pen"', { outcome: "fail" }),
      operation(4, 0.3, 2, "cart.items", '+ "cup"', { outcome: "pending", endUs: undefined }),
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1                               london · session 2
   0.000 s  cart.add("book")  ✗ sold out
   0.100 s   └ cart.items + "book"  :2  ? indeterminate
   0.200 s                                                cart.items + "pen"  :3  ✗ refused
   0.290 s                                                cart.items + "cup"  :4  … not answered
`);
  });

  it("shows calls within calls", () => {
    const events = [
      call(1, 0, 1, "cart.checkout()"),
      call(2, 0.1, 1, "cart.reserve(2)", { parent: 1 }),
      operation(3, 0.2, 1, "stock.left", "5 → 3", { call: 2 }),
      operation(4, 0.3, 1, "cart.state", '→ "paid"', { call: 1 }),
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1
   0.000 s  cart.checkout()
   0.100 s   ├ cart.reserve(2)
   0.200 s     └ stock.left 5 → 3  :3
   0.300 s   └ cart.state → "paid"  :4
`);
  });

  it("ends the branch of a call with what it does last, be that a call", () => {
    const events = [
      call(1, 0, 1, "cash.pay(1)"),
      operation(2, 0.1, 1, "cash.paid", "0 → 1", { call: 1 }),
      call(3, 0.1, 1, "cash.note(1)", { parent: 1 }),
      operation(4, 0.2, 1, "cash.audit", "+ 1", { call: 3 }),
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1
   0.000 s  cash.pay(1)
   0.100 s   ├ cash.paid 0 → 1  :2
   0.100 s   └ cash.note(1)
   0.200 s     └ cash.audit + 1  :4
`);
  });

  it("does not align short values with a long one", () => {
    const long = `"${"x".repeat(40)}"`;
    const events = [
      call(1, 0, 1, "page.save()"),
      operation(2, 0.1, 1, "page.text", `→ ${long}`, { call: 1 }),
      operation(3, 0.2, 1, "page.revision", "0 → 1", { call: 1 }),
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1
   0.000 s  page.save()
   0.100 s   ├ page.text     → ${long}  :2
   0.200 s   └ page.revision 0 → 1  :3
`);
  });

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

  it("lets the mechanism that is to blame say who led, and a little of what came of it", () => {
    const note = (at: number, region: string, text: string, domain: string | undefined = "raft"): TraceEvent => ({
      kind: "note",
      atUs: seconds(at),
      region,
      domain,
      text,
    });
    const events = [
      note(0, "nyc", "leads term 1"),
      note(0.2, "london", "is primary in epoch 4", "another"),
      note(0.3, "london", "leads term 2"),
      operation(1, 0.5, 1, "page.views", "= 1"),
      note(0.6, "nyc", "stops leading term 1"),
      note(0.7, "tokyo", "leads term 3"),
      note(0.8, "nyc", "leads term 4"),
      note(0.9, "nyc", "leads term 5"),
    ];
    expect(story(events, { domain: "raft" })).toBe(`
     time   nyc · session 1
   0.000 s  nyc leads term 1
   0.300 s  london leads term 2
   0.500 s  page.views reads 1  :1
   0.600 s  nyc stops leading term 1
   0.700 s  tokyo leads term 3
   0.800 s  nyc leads term 4
`);
    const verdict = {
      kind: "verdict",
      atUs: seconds(0.5),
      name: "money",
      region: undefined,
      ok: false,
      text: "no",
    } as const;
    expect(story([...events, verdict], { domain: "raft" })).not.toContain("stops leading");
    expect(story(events)).not.toContain("leads");
  });

  it("ends with the operations that contradict each other, where a level broke its promise", () => {
    const events = [
      operation(1, 0.1, 1, "page.views", "→ 1"),
      operation(2, 0.2, 2, "page.views", "= 0"),
      operation(3, 0.3, 1, "page.views", "→ 2"),
    ];
    expect(story(events, { racing: [1, 2], domain: "raft" })).not.toContain("→ 2");
    expect(story(events, { racing: [1], domain: "raft" })).toContain("→ 2");
    expect(story(events, { racing: [1, 2] })).toContain("→ 2");
  });

  it("says of a call that it was still under way", () => {
    const events = [
      call(1, 0, 1, "page.view()", { endUs: seconds(0.8) }),
      operation(2, 0.2, 2, "page.views", "= 1"),
      operation(3, 0.3, 2, "page.views", "= 0"),
      operation(4, 0.8, 1, "page.views", "→ 1", { call: 1, atUs: seconds(0.1) }),
    ];
    expect(story(events, { racing: [2, 3], domain: "quorum" })).toBe(`
     time   nyc · session 1                london · session 2
   0.000 s  page.view()  … until 0.800 s
   0.200 s                                 page.views reads 1  :2 ①
   0.300 s                                 page.views reads 0  :3 ②  ✗
   0.800 s   └ page.views → 1  :4
`);
  });

  it("says when a session goes on elsewhere", () => {
    const events = [
      call(1, 0, 1, "page.view()"),
      operation(2, 0.1, 1, "page.views", "+1", { call: 1 }),
      call(3, 0.5, 1, "page.look()", { region: "tokyo" }),
      operation(4, 0.6, 1, "page.views", "= 0", { call: 3, region: "tokyo" }),
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1
   0.000 s  page.view()
   0.100 s   └ page.views +1  :2
   0.500 s  moves to tokyo
   0.500 s  page.look()
   0.600 s   └ page.views reads 0  :4
`);
  });

  it("keeps the order of what one session did at one moment", () => {
    const events = [
      call(1, 0, 1, "page.view()", { endUs: seconds(0.1) }),
      operation(2, 0.1, 1, "page.views", "+1", { call: 1 }),
      operation(3, 0.1, 1, "page.views", "= 0", { atUs: seconds(0.1), region: "tokyo" }),
      call(4, 0.1, 1, "page.look()", { region: "tokyo" }),
      operation(5, 0.2, 1, "page.views", "= 1", { call: 4, region: "tokyo" }),
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1
   0.000 s  page.view()
   0.100 s   └ page.views +1  :2
   0.100 s  moves to tokyo
   0.100 s  page.views reads 0  :3
   0.100 s  page.look()
   0.200 s   └ page.views reads 1  :5
`);
  });

  it("says where replicas met while others were cut off", () => {
    const met = transfers.filter((event) => event.kind !== "fault" || event.phase === "start");
    expect(story(met, { racing: [15, 25] })).toContain("carol.incoming in nyc: last writer wins keeps ②");
  });

  it("tells once how a call ended, by the operation that ended so", () => {
    const events = [
      call(1, 0, 1, "alice.pay(5)", { outcome: "fail" }),
      operation(2, 0.1, 1, "alice.balance", "", { call: 1, outcome: "fail" }),
      call(3, 0.2, 1, "alice.pay(6)", { outcome: "fail" }),
      operation(4, 0.3, 1, "alice.balance", "9 → 3", { call: 3, outcome: "fail", error: "rolled back" }),
      call(5, 0.4, 1, "alice.pay(7)", { outcome: "info" }),
      operation(6, 0.5, 1, "alice.balance", "9 → 2", { call: 5 }),
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1
   0.000 s  alice.pay(5)
   0.100 s   └ alice.balance update  :2  ✗ refused
   0.200 s  alice.pay(6)  ✗ refused
   0.300 s   └ alice.balance 9 → 3  :4  ✗ rolled back
   0.400 s  alice.pay(7)  ? indeterminate
   0.500 s   └ alice.balance 9 → 2  :6
`);
  });

  it("marks what came last where neither a verdict nor a merge says what went wrong", () => {
    const note = (at: number, text: string): TraceEvent => ({
      ...{ kind: "note", atUs: seconds(at), region: "nyc", domain: "primary", text },
    });
    const events = [
      note(0, "is primary in epoch 1"),
      operation(1, 0.1, 1, "page.views", "→ 1"),
      note(0.5, "discards 1 entry that the new primary does not have"),
    ];
    expect(story(events, { racing: [1], domain: "primary" })).toContain(
      "nyc discards 1 entry that the new primary does not have  ✗",
    );
    const racing = [
      operation(1, 0.1, 1, "page.views", "→ 1"),
      operation(2, 0.3, 2, "page.views", "= 0", { mutates: false }),
    ];
    expect(story(racing, { racing: [1, 2], domain: "raft" })).toContain("page.views reads 0  :2 ②  ✗");
    expect(story(racing)).not.toContain("✗");
  });

  it("tells when a write came that a read was too early for, if no fault held it up", () => {
    const message = (at: number, to: string): TraceEvent => ({
      ...{ kind: "message", id: at, sentUs: seconds(0.1), deliveredUs: seconds(at), from: "nyc", to, domain: "quorum" },
      ...{ text: "store", after: undefined, operations: [1] },
    });
    const events = [
      operation(1, 0.1, 1, "page.views", "→ 1"),
      operation(2, 0.2, 2, "page.views", "= 0", { mutates: false }),
      message(0.25, "tokyo"),
      message(0.3, "london"),
      message(0.9, "london"),
    ];
    const plot = { racing: [1, 2], cells: ["page.views"] };
    expect(story(events, plot)).toBe(`
     time   nyc · session 1        london · session 2
   0.100 s  page.views → 1  :1 ①
   0.200 s                         page.views reads 0  :2 ②  ✗
   0.300 s  london learns of ①
`);
    expect(story([partition(0.05, "start"), ...events], plot)).not.toContain("learns");
    expect(story([...events, message(0.15, "london")], plot)).not.toContain("learns");
    // While it asks others: then it is they who did not know.
    expect(story([...events, message(0.195, "london")], plot)).not.toContain("learns");
  });

  it("tells of the message that was lost, where no fault kept replicas apart", () => {
    const message = (id: number, sent: number, delivered: number | undefined, to: string): TraceEvent => ({
      ...{ kind: "message", id, sentUs: seconds(sent), from: "nyc", to, domain: "gossip", text: "operation" },
      ...{ deliveredUs: delivered === undefined ? undefined : seconds(delivered), after: undefined, operations: [15] },
    });
    const events = [
      ...transfers.filter(({ kind }) => kind !== "fault"),
      message(1, 0.122, undefined, "tokyo"),
      message(2, 0.123, undefined, "london"),
      message(3, 1.1, 1.2, "london"),
    ];
    const plot = { racing: [15, 25], cells: ["carol.incoming"] };
    expect(story(events, plot).split("\n")[5]).toBe("   0.123 s  the message with ① from nyc to london is lost");
    const cut = [message(4, 0.2, undefined, "london"), message(5, 5.01, 5.02, "london")];
    expect(story([...transfers, ...cut], plot)).not.toContain("is lost");
    expect(story([...transfers, ...events.slice(-3)], plot)).toContain("① from nyc to london is lost");
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

  it("ends with what came of a write that was lost", () => {
    const note = (at: number, text: string): TraceEvent => ({
      ...{ kind: "note", atUs: seconds(at), region: "nyc", domain: "primary", text },
    });
    const events = [
      note(0, "is primary in epoch 1"),
      operation(1, 0.1, 1, "page.title", '→ "a"'),
      operation(2, 0.2, 2, "page.title", '→ "b"'),
      note(0.5, "discards 1 entry that the new primary does not have"),
      operation(3, 0.7, 2, "page.title", '→ "c"'),
    ];
    expect(story(events, { racing: [1], domain: "primary" })).toBe(`
     time   nyc · session 1          london · session 2
   0.000 s  nyc is primary in epoch 1
   0.100 s  page.title → "a"  :1 ①
   0.200 s                           page.title → "b"  :2
   0.500 s  nyc discards 1 entry that the new primary does not have  ✗
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

  it("goes on below, further in, where the terminal is narrower than a line", () => {
    const text = story(transfers, { racing: [15, 25], cells: ["carol.incoming"] }, { width: 66 });
    expect(text).toContain(`
   0.506 s  london · session 2   └ carol.incoming   0 → 20  :25 ②
                                     ① unseen
`);
    expect(text).toContain(`
   5.031 s  carol.incoming: last writer wins keeps ② (20), drops
              ① (30)  ✗
`);
    for (const line of text.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(66);
  });

  it("is empty where nothing that matters happened, instead of a header over nothing", () => {
    expect(
      renderStory(traceOf([call(1, 0, 1, "page.view()")]), { name: "x", racing: [], cells: [], domain: null }, options),
    ).toBe("");
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

  it("takes a number for a number, also where an object is called by one", () => {
    const events = [
      call(1, 0, 1, "1.add(1, 5)"),
      operation(2, 0.1, 1, "1.views", "+1", { call: 1 }),
      call(3, 0.2, 1, "alice.pay(bob, 5)"),
      operation(4, 0.3, 1, "bob.views", "+1", { call: 3 }),
    ];
    expect(story(events)).toContain("1.add(1, 5)");
    expect(story(events)).toContain("pay(alice → bob, 5)");
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

  it("ends with the verdict where nothing was merged", () => {
    const events: TraceEvent[] = [
      operation(1, 0.1, 1, "page.views", "+1"),
      { kind: "verdict", atUs: seconds(0.4), name: "other", region: undefined, ok: false, text: "no" },
      {
        kind: "verdict",
        atUs: seconds(0.5),
        name: "money",
        region: "london",
        ok: false,
        text: "expected 2, observed 1",
      },
      {
        kind: "verdict",
        atUs: seconds(0.6),
        name: "money",
        region: "tokyo",
        ok: false,
        text: "expected 2, observed 1",
      },
    ];
    expect(story(events)).toBe(`
     time   nyc · session 1
   0.100 s  page.views +1  :1
   0.500 s  money in london: expected 2, observed 1  ✗
`);
  });
});

describe("a long story is cut to what matters", () => {
  const noise = Array.from({ length: 60 }, (_, i) =>
    operation(100 + i, 1 + i / 100, 1, i % 2 === 0 ? "page.views" : "page.title", "+1"),
  );

  it("keeps what races and what is next to it, and says how much is left out", () => {
    const events = [
      operation(1, 0.5, 1, "page.views", "+1"),
      ...noise,
      operation(2, 3, 2, "page.views", "+1", { unseen: [1] }),
    ];
    const text = story(events, { racing: [1, 2], cells: ["page.views"] }, { limit: 6 });
    const lines = text.trimEnd().split("\n").slice(2);
    expect(lines.filter((line) => line.includes("page.views"))).toHaveLength(6);
    expect(text).toMatch(/0\.500 s {2}page\.views \+1 {2}:1 ①/);
    expect(text).toMatch(/3\.000 s .* page\.views \+1 {2}:2 ② {2}① unseen/);
    expect(text).toContain("⋮ 26 more operations");
    expect(text).not.toContain("page.title");
  });

  it("leaves out set-up and what was read only to judge", () => {
    const events = [
      operation(1, 0.1, 1, "page.views", "+1", { setup: true }),
      operation(2, 0.2, 1, "page.views", "+1"),
      operation(3, 0.3, 2, "page.views", "= 2", { judging: true, mutates: false }),
    ];
    const text = story(events);
    expect(text).toContain(":2");
    expect(text).not.toMatch(/:1|:3/);
  });

  it("is never longer than its limit of operations, and always shows what races", () => {
    for (const limit of [3, 10, 30]) {
      const text = story([...noise, operation(1, 9, 2, "page.views", "+1")], { racing: [1] }, { limit });
      expect(text.match(/page\./g)?.length).toBe(limit);
      expect(text).toContain("①");
    }
  });
});
