import { Eventual, Invariant, multiPrimary, Replicated, register, set } from "@faultline/runtime";

/** A shopping cart that takes items anywhere, at any time. */
@Replicated()
@Eventual({ mechanism: multiPrimary() })
export class Cart {
  @Eventual({
    mechanism: multiPrimary(),
    merge: (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])].sort(),
  })
  readonly items = register<readonly string[]>(["book"]);
  readonly deleted = set<string>();

  async add(item: "pen" | "lamp" | "chair"): Promise<void> {
    await this.items.update((items) => [...new Set([...items, item])].sort());
  }

  async deleteBook(): Promise<void> {
    await this.deleted.add("book");
    await this.items.update((items) => items.filter((item) => item !== "book"));
  }

  async list(): Promise<readonly string[]> {
    return await this.items.read();
  }

  @Invariant("what was deleted stays deleted", { when: "converged" })
  async gone(): Promise<boolean> {
    const deleted = await this.deleted.values();
    return (await this.list()).every((item) => !deleted.includes(item));
  }
}
