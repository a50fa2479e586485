import { Eventual, Invariant, multiPrimary, Replicated, set } from "@faultline/runtime";

/** A shopping cart that takes items anywhere, at any time. Deletions are merged as additions are. */
@Replicated()
@Eventual({ mechanism: multiPrimary() })
export class Cart {
  readonly added = set<string>();
  readonly deleted = set<string>();

  async add(item: "pen" | "lamp" | "chair"): Promise<void> {
    await this.added.add(item);
  }

  async deleteBook(): Promise<void> {
    await this.deleted.add("book");
  }

  async list(): Promise<readonly string[]> {
    const deleted = await this.deleted.values();
    return ["book", ...(await this.added.values())].filter((item) => !deleted.includes(item));
  }

  @Invariant("what was deleted stays deleted", { when: "converged" })
  async gone(): Promise<boolean> {
    const deleted = await this.deleted.values();
    return (await this.list()).every((item) => !deleted.includes(item));
  }
}
