import { Invariant, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";

/** Bonus points; they are exchanged for a voucher, or stay. */
@Replicated()
@Linearizable()
export class Bonus {
  readonly points = register(100);
  readonly vouchers = register(0);

  @Transaction()
  async exchange(points: 10 | 20): Promise<void> {
    await this.vouchers.update((vouchers) => vouchers + points);
    await this.points.update((own) => own - points);
  }

  @Invariant("points are not paid out twice", { when: "converged" })
  async balanced(): Promise<boolean> {
    return (await this.points.read()) + (await this.vouchers.read()) === 100;
  }
}
