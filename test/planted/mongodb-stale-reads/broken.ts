import { Linearizable, Replicated, raft, register } from "@faultline/runtime";

/** A register, as the analysis tests it. */
@Replicated()
export class Document {
  @Linearizable({ mechanism: raft({ reads: "leader" }) })
  readonly value = register(0);

  async read(): Promise<number> {
    return await this.value.read();
  }

  async write(value: number): Promise<void> {
    await this.value.write(value);
  }

  async compareAndSet(expected: number, next: number): Promise<boolean> {
    return await this.value.compareAndSet(expected, next);
  }
}
