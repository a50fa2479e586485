import { describe, expect, it } from "vitest";
import type { CallEvent, FaultEvent, OperationEvent, TraceEvent } from "../../simulation/trace.js";
import { explain } from "../explanation.js";
import { finding } from "../violation.js";

const ms = 1_000;

function call(id: number, at: number, session: number, method: string, rest: Partial<CallEvent> = {}): CallEvent {
  return {
    ...{ kind: "call", id, parent: undefined, atUs: at * ms, endUs: (at + 9) * ms, session, setup: false },
    ...{ region: session === 1 ? "nyc" : "london", object: "shop", method, args: [] },
    ...{ outcome: "ok", error: undefined, site: undefined },
    ...rest,
  };
}

type Rest = Partial<OperationEvent>;

function operation(
  id: number,
  at: number,
  session: number,
  cell: string,
  detail: string,
  rest: Rest = {},
): OperationEvent {
  const mutates = !detail.startsWith("= ");
  return {
    ...{ kind: "operation", id, call: undefined, transaction: undefined, atUs: at * ms, endUs: (at + 1) * ms, session },
    ...{ region: session === 1 ? "nyc" : "london", setup: false, cell: `shop.${cell}`, level: "eventual" },
    ...{ operation: mutates ? "append" : "entries", mutates, detail, outcome: "ok", error: undefined },
    ...{ site: undefined, unseen: [], judging: false, requests: [] },
    ...rest,
  };
}

function explained(events: readonly TraceEvent[], { cells = [] as readonly string[], mechanism = "gossip" } = {}) {
  const used = [...new Set(events.flatMap((event) => (event.kind === "operation" ? [event.cell] : [])))];
  return explain(finding("invariant", "it holds", "It does not hold.", { cells }), {
    ...{ version: 1, seed: 1, regions: ["nyc", "london"] },
    sessions: [1, 2, 3].map((id) => ({ id, region: id === 1 ? "nyc" : "london" })),
    cells: used.map((cell) => ({
      cell,
      field: cell.replace("shop", "Shop"),
      level: "eventual",
      mechanism,
      initial: "[]",
    })),
    events,
  });
}

const cutOff: FaultEvent = { kind: "fault", atUs: 0, fault: "partition", phase: "start", text: "nyc │ london" };

describe("why", () => {
  it("somebody shows an effect without its cause: one session made both, or one had read the other", () => {
    const made = [operation(1, 10, 1, "orders", '+ "o7"'), operation(2, 20, 1, "payments", '+ "p7"')];
    const shown = [operation(3, 50, 2, "payments", '= ["p7"]'), operation(4, 52, 2, "orders", "= []", { unseen: [1] })];
    const { why, racing, changes } = explained([...made, ...shown]);
    expect(why).toMatch(/^One session made ① and then ②, and yet london shows ② without ①: at level eventual each/);
    expect(racing).toEqual([1, 2, 4]);
    expect(changes).toEqual([{ "Shop.orders": "causal", "Shop.payments": "causal" }]);

    const asked = operation(1, 10, 1, "chat", '+ "who?"');
    const heard = operation(2, 20, 3, "chat", '= ["who?"]');
    const answered = operation(3, 30, 3, "chat", '+ "me"');
    const odd = operation(4, 40, 2, "chat", '= ["me"]', { unseen: [1] });
    expect(explained([asked, heard, answered, odd]).why).toMatch(/^Who made ② knew of ①, and yet london/);
    // Nobody who answers without having heard of the question has it for a cause.
    expect(explained([asked, answered, odd]).why).not.toMatch(/without ①/);
  });

  it("two show two changes in opposite orders", () => {
    const x = operation(1, 1, 1, "x", "→ 1", { operation: "write" });
    const y = operation(2, 1, 2, "y", "→ 1", { operation: "write", session: 4 });
    const read = { operation: "read" };
    const events = [
      ...[x, y, operation(3, 9, 2, "x", "= 1", read), operation(4, 10, 2, "y", "= 0", { ...read, unseen: [2] })],
      operation(5, 11, 3, "y", "= 1", { ...read, region: "tokyo" }),
      operation(6, 12, 3, "x", "= 0", { ...read, region: "tokyo", unseen: [1] }),
    ].map((event) => ({ ...event, level: "causal" as const }));
    const { why, remedies } = explained(events);
    expect(why).toBe(
      "london shows ① without ②, and tokyo ② without ①: at level causal changes that know nothing of each other are shown in any order.",
    );
    expect(remedies).toEqual(["`@Sequential()`: one order for everybody"]);
  });

  it("at level none nothing comes in any order: what a node took stays there", () => {
    const none = { level: "none", operation: "write" } as const;
    const [nyc, london] = [operation(1, 1, 1, "x", "→ 1", none), operation(2, 1, 2, "x", "→ 2", none)];
    const reads = [
      operation(3, 5, 1, "x", "= 1", { level: "none", operation: "read", unseen: [2] }),
      operation(4, 5, 2, "x", "= 2", { level: "none", operation: "read", unseen: [1] }),
    ];
    const { why } = explained([nyc, london, ...reads], { cells: ["shop.x"], mechanism: "isolated" });
    expect(why).toBe("`x` has level none: what nyc took lives on that node alone.");
  });

  it("what nobody heard of was asked for again, or what should have followed was not done", () => {
    const lost = { outcome: "info", tookEffect: true, call: 1 } as const;
    const first = operation(2, 10, 1, "orders", '"lamp"', lost);
    const calls = [call(1, 9, 1, "place", { outcome: "info" }), call(3, 40, 1, "place")];
    const again = explained([
      calls[0] as CallEvent,
      first,
      calls[1] as CallEvent,
      operation(4, 41, 1, "orders", '+ "lamp"', { call: 3 }),
    ]);
    expect(again.why).toMatch(/^`place` was carried out ①, but no answer came: .* called it again ②\.$/);
    expect(again.racing).toEqual([2, 4]);
    const ended = explained([calls[0] as CallEvent, first]);
    expect(ended.why).toMatch(/^① was carried out, but no answer came: `place` ended there/);
    // What did not take effect has done no harm.
    expect(explained([calls[0] as CallEvent, { ...first, tookEffect: false }]).why).toBeUndefined();
  });

  it("a method was refused between two changes", () => {
    const events = [
      call(1, 9, 1, "send", { outcome: "fail" }),
      operation(2, 10, 1, "sent", '+ "a"', { call: 1 }),
      operation(3, 12, 1, "inbox", '"a"', { call: 1, outcome: "fail", error: "unavailable", level: "linearizable" }),
    ];
    expect(explained(events).why).toBe("`send` did ①; then ② was refused, and ① stayed.");
  });

  it("two decided at once by one cell: that comes before what either did elsewhere", () => {
    const events = [
      ...[call(1, 1, 1, "book"), call(2, 2, 2, "book")],
      operation(3, 1, 1, "nights", '"fri" = false', { call: 1, operation: "has", mutates: false }),
      operation(4, 2, 2, "nights", '"fri" = false', { call: 2, operation: "has", mutates: false }),
      operation(5, 3, 1, "nights", '"fri" → "ann"', { call: 1, operation: "put" }),
      operation(6, 4, 2, "nights", '"fri" → "bo"', { call: 2, operation: "put", unseen: [5] }),
      operation(7, 8, 1, "payments", '"ann" → 100', { call: 1, operation: "put", level: "linearizable" }),
    ];
    const { why, racing } = explained(events, { cells: ["shop.nights", "shop.payments"] });
    expect(why).toMatch(/^`book` decides by what its own replica shows of `shop\.nights`; at level eventual/);
    expect(racing).toEqual([5, 6]);
  });

  it("a read came too early, or from a cache", () => {
    const write = operation(1, 10, 1, "price", "→ 100", { operation: "write" });
    const read = operation(2, 20, 2, "price", "= 80", { operation: "read", unseen: [1] });
    expect(explained([write, read])).toMatchObject({ anomaly: "stale-read", racing: [1, 2] });
    expect(explained([write, read]).why).toMatch(
      /^london read `shop\.price` ② before it had heard of ①: at level eventual/,
    );
    expect(explained([write, read], { mechanism: "cache" }).why).toMatch(/^`price` is a cache: london goes on showing/);
    // The trace says which commits a cache has served; what a read shows says more.
    expect(explained([write, { ...read, detail: "= 100" }], { mechanism: "cache" }).why).toBeUndefined();
  });

  it("who is cut off from a majority refuses", () => {
    const refused = { outcome: "fail", error: "no majority", level: "linearizable", operation: "write" } as const;
    const { why, changes } = explained([cutOff, operation(1, 10, 1, "orders", '"lamp"', refused)]);
    expect(why).toMatch(/^`orders` is linearizable: nyc was cut off from the majority/);
    expect(changes).toEqual([null, { "Shop.orders": "eventual" }]);
    expect(explained([operation(1, 10, 1, "orders", '"lamp"', refused)]).why).toBeUndefined();
  });

  it("nothing was missed: then it is the program", () => {
    const events = [operation(1, 10, 1, "price", "→ 9"), operation(2, 20, 2, "price", "= 9")];
    expect(explained(events).why).toMatch(/^Nothing was missed, lost, refused or left open here/);
    expect(explained(events).remedies).toEqual(["change what the calls do, or what is checked"]);
  });
});
