import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explore } from "../simulation/index.js";
import { Figures } from "./figures.js";
import { Account, of } from "./testing/account.js";

describe("what scenarios measure", () => {
  it("is told over all schedules, beside what is claimed of it", async () => {
    const report = await explore(
      of(async ({ session, now, measure }) => {
        const alice = session("nyc").open(Account, "alice");
        const before = now();
        await alice.withdraw(30);
        measure("withdrawal", now() - before, { unit: "ms", claim: "< 1 s" });
        measure("withdrawals", 1);
      }),
      { schedules: 20 },
    );
    expect(report.figures).toMatchObject([
      { name: "withdrawal", unit: "ms", claim: "< 1 s", count: 20 },
      { name: "withdrawals", unit: "", claim: null, count: 20, least: 1, median: 1, p99: 1, most: 1 },
    ]);
    const { least = 0, median = 0, p99 = 0, most = 0 } = report.figures?.[0] ?? {};
    // A majority of nyc, london and tokyo is one round trip over the Atlantic away.
    expect(least).toBeGreaterThan(50);
    expect([least, median, p99, most]).toEqual([least, median, p99, most].sort((a, b) => a - b));
    expect(
      (
        await explore(
          of(async () => {}),
          { schedules: 1 },
        )
      ).figures,
    ).toBeUndefined();
  });

  it("is an error in the scenario where it is no number", async () => {
    const report = await explore(
      of(async ({ measure }) => measure("share", 0 / 0)),
      { schedules: 1 },
    );
    expect(report.violations).toMatchObject([{ kind: "error" }]);
    expect(report.violations[0]?.message).toContain('measure("share", NaN): the value has to be a finite number.');
  });

  it("comes to the same however it is dealt out, and as a dumb twin says", () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.nat(), (values, cut) => {
        const at = cut % values.length;
        const parts = [values.slice(0, at), values.slice(at)].map(collected);
        const sum = new Figures();
        for (const part of parts.reverse()) sum.merge(part.counts);
        expect(sum.counts).toEqual(collected(values).counts);

        const sorted = values.map((each) => Number(each.toPrecision(3))).sort((a, b) => a - b);
        const [figure] = sum.summary;
        expect(figure?.count).toBe(values.length);
        expect(figure?.least).toBeCloseTo(sorted[0] as number, 12);
        expect(figure?.median).toBeCloseTo(sorted[Math.ceil(values.length / 2) - 1] as number, 12);
        expect(figure?.most).toBeCloseTo(sorted.at(-1) as number, 12);
      }),
    );
  });
});

function collected(values: readonly number[]): Figures {
  const figures = new Figures();
  for (const value of values) figures.add("figure", value);
  return figures;
}
