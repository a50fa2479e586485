import { Eventual, multiPrimary, Replicated, register, set } from "@faultline/runtime";

/** 5 · A lawful merge that is wrong all the same: the union of two carts has what one of them has thrown out. */
@Replicated()
export class Cart {
  @Eventual({
    mechanism: multiPrimary(),
    merge: (local: readonly string[], remote: readonly string[]) => [...new Set([...local, ...remote])].sort(),
  })
  readonly items = register<readonly string[]>([]);

  async add(item: string): Promise<void> {
    await this.items.update((items) => [...items, item]);
  }

  async remove(item: string): Promise<void> {
    await this.items.update((items) => items.filter((one) => one !== item));
  }

  async contents(): Promise<readonly string[]> {
    return await this.items.read();
  }
}

/** The right one: a set knows which addition a deletion has seen. */
@Replicated()
export class SetCart {
  @Eventual({ mechanism: multiPrimary() }) readonly items = set<string>();

  async add(item: string): Promise<void> {
    await this.items.add(item);
  }

  async remove(item: string): Promise<void> {
    await this.items.delete(item);
  }

  async contents(): Promise<readonly string[]> {
    return await this.items.values();
  }
}
