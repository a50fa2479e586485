import { Invariant, Linearizable, log, Replicated, register, Transaction } from "@faultline/runtime";

/** The petty cash of an office. */
@Replicated()
@Linearizable()
export class PettyCash {
  readonly paidOut = register(0);
  readonly audit = log<{ readonly number: number; readonly amount: number }>();

  @Transaction()
  async payOut(amount: number): Promise<void> {
    await this.paidOut.update((sum) => sum + amount);
    await this.note(amount);
  }

  private async note(amount: number): Promise<void> {
    const number = (await this.audit.entries()).length + 1;
    await this.audit.append({ number, amount });
  }

  @Invariant("what was paid out was audited")
  async audited(): Promise<boolean> {
    const audited = (await this.audit.entries()).reduce((sum, { amount }) => sum + amount, 0);
    return audited >= (await this.paidOut.read());
  }
}
