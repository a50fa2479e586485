import { Causal, Invariant, Replicated, register, Transaction } from "@faultline/runtime";

/** The doctors on call of a ward. */
@Replicated()
@Causal()
export class Ward {
  readonly isAnnaOnCall = register(true);
  readonly isBenOnCall = register(true);

  @Transaction()
  async leave(who: "anna" | "ben"): Promise<void> {
    const [own, other] = who === "anna" ? [this.isAnnaOnCall, this.isBenOnCall] : [this.isBenOnCall, this.isAnnaOnCall];
    if (!(await other.read())) throw new Error("the last one has to stay");
    await own.write(false);
  }

  async comeBack(who: "anna" | "ben"): Promise<void> {
    await (who === "anna" ? this.isAnnaOnCall : this.isBenOnCall).write(true);
  }

  @Invariant("somebody is on call", { when: "converged" })
  async covered(): Promise<boolean> {
    return (await this.isAnnaOnCall.read()) || (await this.isBenOnCall.read());
  }
}
