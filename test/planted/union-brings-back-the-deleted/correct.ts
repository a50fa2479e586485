import { Eventual, Invariant, Replicated, set } from "@faultline/runtime";

/** A shopping list on several phones. What is done stays known, so that no merge can bring it back. */
@Replicated()
@Eventual()
export class Chores {
  readonly added = set<string>();
  readonly done = set<string>();

  async add(chore: string): Promise<void> {
    if (await this.done.has(chore)) throw new Error("done already");
    await this.added.add(chore);
  }

  async finish(chore: string): Promise<void> {
    await this.done.add(chore);
  }

  async list(): Promise<readonly string[]> {
    const done = await this.done.values();
    return (await this.added.values()).filter((chore) => !done.includes(chore));
  }

  @Invariant("what is done is on no list", { when: "converged" })
  async cleared(): Promise<boolean> {
    const done = await this.done.values();
    return (await this.list()).every((chore) => !done.includes(chore));
  }
}
