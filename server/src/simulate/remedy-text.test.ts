import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { remedyLines, remedyText } from "./remedy-text.js";
import type { Remedy, RemedyTrial } from "./simulate.js";
import { Style } from "./style.js";

const remedy = (text: string, tried?: Partial<RemedyTrial>): Remedy => ({
  text,
  tried:
    tried === undefined
      ? null
      : { schedules: 1_000, before: 3, violated: 0, others: [], addedP50Ms: 0, refused: 0, ...tried },
});

const lines = (remedies: readonly Remedy[], width = 100): string =>
  remedyLines(remedies, new Style(false), width).join("\n");

describe("what to do", () => {
  it("says what became of it where it was tried, one below the other", () => {
    expect(
      lines([
        remedy("make it `counter()`", {}),
        remedy("`@Linearizable()`", { addedP50Ms: 121.4, refused: 40 }),
        remedy("let the check accept both"),
      ]),
    ).toBe(`\
  Do    make it \`counter()\`       0 of 1,000 violated · +0 ms
        or \`@Linearizable()\`      0 of 1,000 violated · +121 ms p50, refused when cut off
        or let the check accept both`);
  });

  it("tells what does not help only where nothing does, and not as advice", () => {
    const useless = remedy("make it `counter()`", { violated: 12 });
    const harmful = remedy("`@Sequential()`", { others: ["nobody waits"], addedP50Ms: null });
    expect(lines([useless, remedy("`@Linearizable()`", { addedP50Ms: -3.4 })])).toBe(
      "  Do    `@Linearizable()`      0 of 1,000 violated · −3 ms p50",
    );
    expect(lines([useless, harmful, remedy("wait")])).toBe(`\
  Do    wait
  Tried make it \`counter()\`      still violated in 12 of 1,000 · +0 ms
        \`@Sequential()\`          0 of 1,000 violated, but "nobody waits" is then`);
  });

  it("keeps to the columns that there are", () => {
    const long = remedy("`@Causal()`: what a session writes replaces what it has written before", { refused: 2 });
    const text = lines([long, remedy("`@Linearizable()`", {})], 62);
    expect(text).toBe(`\
  Do    \`@Causal()\`: what a session writes replaces what it
        has written before
          0 of 1,000 violated · +0 ms, refused when cut off
        or \`@Linearizable()\`      0 of 1,000 violated · +0 ms`);
    for (const line of text.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(62);
    expect(remedyText(long)).toContain("written before · 0 of 1,000 violated");
  });
});
