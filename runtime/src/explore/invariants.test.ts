import { describe, expect, it } from "vitest";
import { Causal, counter, Invariant, Linearizable, Replicated, register, UnavailableError } from "../index.js";
import { explore, scenario } from "../simulation/index.js";
import { all, of } from "./testing/account.js";

describe("invariants", () => {
  @Replicated()
  class Budget {
    @Causal() readonly left = counter(10);
    constructor(readonly id: string) {}

    async spend(amount: number): Promise<void> {
      if ((await this.left.read()) < amount) return;
      await this.left.decrement(amount);
    }

    @Invariant("never overspent")
    async solvent(): Promise<boolean> {
      return (await this.left.read()) >= 0;
    }

    @Invariant("no money appears", { when: "converged" })
    static async conserved(budgets: readonly Budget[]): Promise<boolean> {
      let sum = 0;
      for (const budget of budgets) sum += await budget.left.read();
      return sum <= 10 * budgets.length;
    }
  }

  const spending = of(async ({ session }) => {
    await Promise.all(all.map((region) => session(region).open(Budget, "b").spend(8)));
  });

  it("are judged on every replica at every moment, without a message", async () => {
    const report = await explore(spending, { schedules: 5 });
    expect(report.violations).toMatchObject([{ kind: "invariant", name: "never overspent", count: 5 }]);
    expect(report.violations[0]?.message).toMatch(/at every moment in \w+: it finds b\.left -\d+/);
  });

  it("are judged where a refusal cut the body short: such a schedule is not vacuous", async () => {
    const refused = of(async ({ session }) => {
      await session("nyc").open(Budget, "b").spend(1);
      throw new UnavailableError("The other bank did not answer.", { help: "Try again." });
    });
    expect(await explore(refused, { schedules: 3 })).toMatchObject({ outcome: "holds", vacuous: 0 });
  });

  it("are judged at the moment an operation is completed, also when the next one repairs it", async () => {
    @Replicated()
    class Purse {
      @Linearizable() readonly coins = register(1);
      constructor(readonly id: string) {}

      @Invariant("never in debt")
      async solvent(): Promise<boolean> {
        return (await this.coins.read()) >= 0;
      }

      @Invariant("never all empty")
      static async filled(purses: readonly Purse[]): Promise<boolean> {
        const coins = await Promise.all(purses.map((purse) => purse.coins.read()));
        return coins.some((count) => count !== 0);
      }
    }
    const regions = { regions: ["nyc"] as const };
    const report = await explore(
      scenario("repaired", regions, async ({ session }) => {
        const purse = session("nyc").open(Purse, "p");
        for (const coins of [-1, 0, 1]) await purse.coins.write(coins);
      }),
      { schedules: 3 },
    );
    expect(report.violations.map(({ name, count }) => ({ name, count }))).toEqual([
      { name: "never in debt", count: 3 },
      { name: "never all empty", count: 3 },
    ]);
  });

  it("may take their time", async () => {
    @Replicated()
    class Patient extends Budget {
      @Invariant("sleeps on it")
      async sleepsOnIt(): Promise<boolean> {
        await new Promise((resolve) => setTimeout(resolve, 10));
        return (await this.left.read()) <= 10;
      }
    }
    const report = await explore(
      of(async ({ session }) => session("nyc").open(Patient, "x").spend(1)),
      { schedules: 2 },
    );
    expect(report.violations).toEqual([]);
    expect(report.outcome).toBe("holds");
  });

  it("on a static method see every object that was opened, once everything has settled", async () => {
    @Replicated()
    class Leaky extends Budget {
      async leak(): Promise<void> {
        await this.left.increment(5);
      }
    }
    const report = await explore(
      of(async ({ session }) => session("nyc").open(Leaky, "x").leak()),
      { schedules: 2 },
    );
    expect(report.violations).toMatchObject([{ kind: "invariant", name: "no money appears", count: 2 }]);
  });
});
