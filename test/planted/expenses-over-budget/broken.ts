import { Causal, Invariant, map, Replicated, Transaction } from "@faultline/runtime";

/** What a project may spend. */
@Replicated()
@Causal()
export class Project {
  readonly expenses = map<string, number>();

  @Transaction()
  async spend(amount: number): Promise<void> {
    const spent = (await this.expenses.entries()).reduce((sum, [, each]) => sum + each, 0);
    if (spent + amount > 100) throw new Error("over budget");
    await this.expenses.put(crypto.randomUUID(), amount);
  }

  @Invariant("expenses stay within the budget", { when: "converged" })
  async within(): Promise<boolean> {
    return (await this.expenses.entries()).reduce((sum, [, each]) => sum + each, 0) <= 100;
  }
}
