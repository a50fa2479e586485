import { Invariant, Linearizable, Replicated, register } from "@faultline/runtime";

/** A row that is read and then written. */
@Replicated()
@Linearizable()
export class Row {
  readonly count = register(0);
  readonly increments = register(0);

  async increment(): Promise<void> {
    const count = await this.count.read();
    if (!(await this.count.compareAndSet(count, count + 1))) await this.count.write(count + 1);
    await this.increments.update((increments) => increments + 1);
  }

  @Invariant("no increment is lost", { when: "converged" })
  async complete(): Promise<boolean> {
    return (await this.count.read()) >= (await this.increments.read());
  }
}
