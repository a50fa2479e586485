import { expect, test } from "vitest";
import { levels } from "../../levels.js";
import { microcentsOf, usdPerMillionOperations } from "./index.js";

test("prices are those of the document's comments, in dollars for a million operations", () => {
  expect(levels.map((level) => usdPerMillionOperations(level))).toEqual([0.01, 0.05, 0.2, 0.5, 2]);
});

test("a million operations cost what the price says, and prices can be one's own", () => {
  expect(microcentsOf("linearizable", 1_000_000)).toBe(200 * 1_000_000);
  const own = { none: 0, eventual: 0, causal: 0, sequential: 0, linearizable: 7 };
  expect(microcentsOf("linearizable", 3, { source: "our bill", centsPerMillionOperations: own })).toBe(21);
});
