import { expect, it } from "vitest";
import { Statistics } from "./statistics.js";

const counted = (name: string, type: string | null, region: string) => ({
  ...{ name, type, region, ok: 1, fail: 0, info: 0, lastError: null },
  latencies: [[5, 1]] as const,
});

it("names methods by their class where several classes have one of that name", () => {
  const statistics = new Statistics();
  statistics.merge([
    counted("buy", "Street", "dallas"),
    counted("buy", "LedgerStreet", "dallas"),
    counted("asked", "Street", "dallas"),
    counted("asked", "Street", "oregon"),
    counted("sales.append", null, "dallas"),
  ]);
  expect(statistics.summary.map(({ name, region }) => `${name} ${region}`)).toEqual([
    "Street.buy dallas",
    "LedgerStreet.buy dallas",
    "asked dallas",
    "asked oregon",
    "sales.append dallas",
  ]);
});
