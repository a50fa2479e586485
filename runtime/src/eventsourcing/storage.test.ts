import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compressions, storageRequirements } from "./index.js";

/** The source document's example: a shop of medium size, 4.5 events of 1 KB for each order, kept for seven years. */
const shop = { transactionsPerDay: 100_000, eventsPerTransaction: 4.5, eventSizeBytes: 1024, retentionYears: 7 };

describe("storage of the source document's shop", () => {
  const requirements = storageRequirements({ ...shop, compression: compressions.afterFirstYear });

  test("is as the document has it, up to compression", () => {
    expect(requirements.eventsPerDay).toBe(450_000);
    expect(requirements.dailyGb).toBeCloseTo(0.429, 3);
    expect(requirements.annualTb).toBeCloseTo(0.153, 3);
    expect(requirements.rawTb).toBeCloseTo(1.071, 3);
  });

  test("is a third more than its 0.3 TB and $16 a year: it compresses the first year as well, which it says it keeps", () => {
    const byTheDocument = requirements.rawTb * 0.3;
    expect(byTheDocument).toBeCloseTo(0.321, 3);
    expect(byTheDocument * 50).toBeCloseTo(16.06, 2);
    expect(requirements.storedTb).toBeCloseTo(0.428, 3);
    expect(requirements.usdPerYear).toBeCloseTo(21.42, 2);
    expect(requirements.storedTb / byTheDocument).toBeCloseTo(4 / 3, 10);
  });

  test("grows until the retention is full, by a year as it was written, then by 30 % of one", () => {
    const grown = requirements.byYear.map(({ storedTb }) => Number(storedTb.toFixed(3)));
    expect(grown).toEqual([0.153, 0.199, 0.245, 0.291, 0.337, 0.382, 0.428]);
    expect(requirements.byYear.at(-1)).toMatchObject({ year: 7, storedTb: requirements.storedTb });
  });
});

test("the retailer's million events a second at 10:1 after thirty days: petabytes, not exabytes", () => {
  const retailer = { ...shop, transactionsPerDay: 86_400_000_000, eventsPerTransaction: 1 };
  const { dailyGb, rawTb, storedTb, usdPerYear } = storageRequirements({
    ...retailer,
    compression: compressions.afterThirtyDays,
  });
  expect(dailyGb / 1024).toBeCloseTo(80.47, 2);
  expect(rawTb / 1024).toBeCloseTo(200.77, 2);
  expect(storedTb / 1024).toBeCloseTo(22.2, 1);
  expect(usdPerYear).toBeCloseTo(1_136_586, 0);
});

test("is what a sum over days gives", () => {
  fc.assert(
    fc.property(fc.nat(4), fc.nat(2_000), fc.integer({ min: 0, max: 10 }), (retentionYears, afterDays, tenths) => {
      const compression = { afterDays, storedShare: tenths / 10 };
      const { dailyGb, storedTb } = storageRequirements({ ...shop, retentionYears, compression });
      let sum = 0;
      for (let age = 0; age < retentionYears * 365; age++)
        sum += age < afterDays ? dailyGb : dailyGb * compression.storedShare;
      expect(storedTb).toBeCloseTo(sum / 1024, 8);
    }),
  );
});

test("without compression all is stored as written, and half a year counts as one", () => {
  const { rawTb, storedTb, byYear } = storageRequirements({ ...shop, retentionYears: 1.5 });
  expect(storedTb).toBeCloseTo(rawTb, 12);
  expect(byYear.map(({ storedTb }) => storedTb / rawTb)).toEqual([expect.closeTo(2 / 3, 10), expect.closeTo(1, 10)]);
});

test.each([
  [{ ...shop, retentionYears: -1 }, "`retentionYears` is -1. Accepted: a number that is not negative."],
  [{ ...shop, usdPerTbYear: Number.NaN }, "`usdPerTbYear` is NaN"],
  [
    { ...shop, compression: { afterDays: 30, storedShare: 10 } },
    "`storedShare` is 10. Accepted: a number from 0 to 1.",
  ],
])("refuses figures that cannot be: %#", (volume, message) => {
  expect(() => storageRequirements(volume)).toThrow(message);
});
