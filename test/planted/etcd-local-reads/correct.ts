import { Linearizable, Replicated, raft, register } from "@faultline/runtime";

/** A key of a configuration. */
@Replicated()
export class Key {
  @Linearizable({ mechanism: raft({ reads: "readIndex" }) })
  readonly value = register(0);

  async get(): Promise<number> {
    return await this.value.read();
  }

  async put(value: number): Promise<void> {
    await this.value.write(value);
  }

  async swap(expected: number, next: number): Promise<boolean> {
    return await this.value.compareAndSet(expected, next);
  }
}
