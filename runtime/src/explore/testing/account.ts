import { Eventual, Linearizable, Replicated, register, set, Transaction } from "../../index.js";
import {
  partition,
  type Scenario,
  type ScenarioContext,
  type ScenarioOptions,
  scenario,
} from "../../simulation/index.js";

/** The class that the tests of runs work on. */
@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);
  @Eventual() readonly note = register("");
  @Eventual() readonly tags = set<string>();
  constructor(readonly id: string) {}

  async withdraw(amount: number): Promise<void> {
    await this.balance.update((balance) => {
      if (balance < amount) throw new Error("insufficient funds");
      return balance - amount;
    });
  }

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((balance) => balance - amount);
    await to.balance.update((balance) => balance + amount);
  }
}

export type Region = "nyc" | "london" | "tokyo";
export const all: readonly Region[] = ["nyc", "london", "tokyo"];
export const cutOff = partition([["nyc"], ["london", "tokyo"]], { fromMs: 0, untilMs: 5_000 });

/** A scenario in the three default regions. */
export const of = (
  body: (context: ScenarioContext<Region>) => Promise<void>,
  options: ScenarioOptions<Region> = {},
): Scenario => scenario("under test", { regions: ["nyc", "london", "tokyo"], ...options }, body);
