import { Linearizable, Replicated, register, Transaction, trueTime } from "@faultline/runtime";

/** A blog with comments in two tables. */
@Replicated()
export class Blog {
  @Linearizable({ mechanism: trueTime({ epsilonMs: 250, commitWait: false }) })
  readonly first = register(0);
  @Linearizable({ mechanism: trueTime({ epsilonMs: 250, commitWait: false }) })
  readonly second = register(0);

  async commentOnFirst(id: number): Promise<void> {
    await this.first.write(id);
  }

  async commentOnSecond(id: number): Promise<void> {
    await this.second.write(id);
  }

  @Transaction()
  async read(): Promise<readonly [number, number]> {
    return [await this.first.read(), await this.second.read()];
  }
}
