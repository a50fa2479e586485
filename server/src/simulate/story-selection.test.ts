import { describe, expect, it } from "vitest";
import type { TraceEvent } from "../../../runtime/src/simulation/trace.js";
import { operation, partition, seconds, story, transfers } from "./testing/story-events.js";

describe("what a story tells of how it came about", () => {
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
   0.300 s  london leads term 2; nyc has not heard of it
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
    expect(story(racing, { racing: [1, 2], domain: "raft" })).toContain("page.views reads 0  :2 ②  ① unseen  ✗");
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
   0.200 s                         page.views reads 0  :2 ②  ① unseen  ✗
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
   0.500 s  all has settled; money in london: expected 2, observed 1  ✗
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
