import { Invariant, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";

/** Between which temperatures a room is kept. */
@Replicated()
@Linearizable()
export class Thermostat {
  readonly lowest = register(10);
  readonly highest = register(20);

  @Transaction()
  async setLowest(degrees: number): Promise<void> {
    if (degrees > (await this.highest.read())) throw new Error("above the highest");
    await this.lowest.write(degrees);
  }

  @Transaction()
  async setHighest(degrees: number): Promise<void> {
    if (degrees < (await this.lowest.read())) throw new Error("below the lowest");
    await this.highest.write(degrees);
  }

  @Invariant("the lower bound is below the upper one")
  async ordered(): Promise<boolean> {
    return (await this.lowest.read()) <= (await this.highest.read());
  }
}
