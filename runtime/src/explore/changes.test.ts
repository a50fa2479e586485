import { describe, expect, it } from "vitest";
import { Causal, Eventual, Replicated, register, Transaction } from "../index.js";
import type { LevelAssignment } from "../levels.js";
import { partition } from "../simulation/index.js";
import { exploreScenario, traceScenario } from "./explore.js";
import type { Scenario } from "./scenario.js";
import { all, of } from "./testing/account.js";

/** Registers of numbers and a text, with the methods that a counter can stand behind and those that it cannot. */
@Replicated()
class Stock {
  @Eventual() readonly left = register(10);
  @Causal() readonly sold = register(0);
  @Eventual() readonly name = register("stock");
  constructor(readonly id: string) {}

  async sell(): Promise<number> {
    return this.left.update((left) => left - 1);
  }

  async halve(): Promise<void> {
    await this.left.update((left) => Math.floor(left / 2));
  }

  @Transaction()
  async book(): Promise<void> {
    await this.sold.update((sold) => sold + 1);
    await this.sold.update((sold) => sold + 1);
  }
}

const run = async (scenario: Scenario, levels: LevelAssignment) => {
  const options = { evaluate: () => scenario, target: "test", seed: 1, isUserFile: () => false, levels };
  const { report } = await exploreScenario({ ...options, schedules: 3 });
  return { ...report, misfits: report.measurements?.misfits };
};

const cut = { faults: [partition([["nyc"], ["london", "tokyo"]], { fromMs: 0, untilMs: 5_000 })] };
const asCounter = { "Stock.left": { kind: "counter" }, "Stock.sold": { kind: "counter" } } as const;

const everywhere = (work: (stock: Stock) => Promise<unknown>, expected: number, field: "left" | "sold" = "left") =>
  of(async ({ session, converged }) => {
    converged("all count", async (reader) => (await reader.open(Stock, "a")[field].read()) === expected);
    await Promise.all(all.map((region) => work(session(region).open(Stock, "a"))));
  }, cut);

describe("a register that runs as a counter", () => {
  it("loses no update that adds, and gives what it would have given", async () => {
    const results: number[] = [];
    const sell = everywhere(async (stock) => results.push(await stock.sell()), 7);
    expect((await run(sell, {})).outcome).toBe("violated");
    expect(await run(sell, asCounter)).toMatchObject({ outcome: "holds", misfits: [] });
    expect(new Set(results)).toEqual(new Set([9]));
  });

  it("does so within transactions, and under what its level promises", async () => {
    const book = everywhere((stock) => stock.book(), 6, "sold");
    expect((await run(book, {})).outcome).toBe("violated");
    expect(await run(book, asCounter)).toMatchObject({ outcome: "holds", misfits: [] });
    // At sequential a counter keeps its order too.
    const raised = { "Stock.sold": { kind: "counter", level: "sequential" } } as const;
    const together = of(async ({ session, converged }) => {
      converged("all count", async (reader) => (await reader.open(Stock, "a").sold.read()) === 6);
      for (const region of all) await session(region).open(Stock, "a").book();
    });
    expect(await run(together, raised)).toMatchObject({ outcome: "holds", misfits: [] });
  });

  it("adds the difference where an update does more than add: that can still be wrong", async () => {
    expect(
      await run(
        everywhere((stock) => stock.halve(), 1),
        asCounter,
      ),
    ).toMatchObject({
      outcome: "violated",
      misfits: [],
    });
  });

  it("does not fit where it is written, compared or no number", async () => {
    const misfitsOf = async (work: (stock: Stock) => Promise<unknown>, levels: LevelAssignment = asCounter) =>
      (await run(everywhere(work, 0), levels)).misfits;
    expect(await misfitsOf((stock) => stock.left.write(3))).toEqual(["Stock.left"]);
    expect(await misfitsOf((stock) => stock.left.compareAndSet(10, 9).catch(() => false))).toEqual(["Stock.left"]);
    expect(await misfitsOf((stock) => stock.left.siblings())).toEqual(["Stock.left"]);
    expect(await misfitsOf((stock) => stock.left.update(() => Number.NaN))).toEqual(["Stock.left"]);
    expect(await misfitsOf((stock) => stock.name.read(), { "Stock.name": { kind: "counter" } })).toEqual([
      "Stock.name",
    ]);
  });
});

describe("remedies", () => {
  it("say what they change, as a run can be given it", async () => {
    const scenario = everywhere((stock) => stock.sell(), 7);
    const options = { evaluate: () => scenario, target: "test", seed: 1, isUserFile: () => false };
    const { result } = await traceScenario(options);
    expect(result.violations[0]).toMatchObject({
      remedies: ["make it `counter()`", "`@Linearizable()`"],
      changes: [{ "Stock.left": { kind: "counter" } }, { "Stock.left": "linearizable" }],
    });
  });
});
