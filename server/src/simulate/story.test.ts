import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { renderStory } from "./story.js";
import { call, operation, options, seconds, story, traceOf, transfers } from "./testing/story-events.js";

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
});
