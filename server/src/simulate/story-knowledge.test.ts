import { describe, expect, it } from "vitest";
import type { NoteEvent } from "../../../runtime/src/simulation/trace.js";
import { noteText } from "./story-knowledge.js";
import { traceOf } from "./testing/story-events.js";

const note = (atUs: number, region: string, text: string): NoteEvent => ({
  ...{ kind: "note", atUs, region, domain: "raft", text },
});

/** What is said of the second. */
const said = (...notes: readonly NoteEvent[]): string => noteText(traceOf(notes), notes[1] as NoteEvent);

describe("a new leader", () => {
  const [first, second] = [note(0, "nyc", "leads term 1"), note(5, "london", "leads term 2")];

  it("is told with who goes on believing to lead, as it is told to stop later", () => {
    const stops = note(9, "nyc", "stops leading term 1: term 2 has begun");
    expect(said(first, second, stops)).toBe("leads term 2; nyc has not heard of it");
    expect(said(first, second)).toBe("leads term 2");
    expect(said(first, second, { ...stops, atUs: 3 })).toBe("leads term 2");
    expect(said(first, second, note(7, "nyc", "leads term 3"), stops)).toBe("leads term 2");
    expect(said(first, second, { ...stops, domain: "another" })).toBe("leads term 2");
  });

  it("is another one's business in another shard", () => {
    const shard = note(5, "london", "shard 2: leads term 2");
    const stops = note(9, "nyc", "shard 1: stops leading term 1: it hears from no majority");
    expect(said(note(0, "nyc", "shard 1: leads term 1"), shard, stops)).toBe("shard 2: leads term 2");
  });

  it("may be a primary", () => {
    const primaries = [note(0, "nyc", "is primary in epoch 1"), note(5, "london", "is primary in epoch 4")];
    const ends = note(9, "nyc", "is no longer primary: epoch 4 has begun");
    expect(said(...primaries, ends)).toBe("is primary in epoch 4; nyc has not heard of it");
    expect(said(first, note(5, "london", "stands for election in term 2"), ends)).toBe("stands for election in term 2");
  });
});
