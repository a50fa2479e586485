import { Eventual, Invariant, Replicated, register, set } from "@faultline/runtime";

/** A shopping list on several phones. */
@Replicated()
@Eventual()
export class Chores {
  @Eventual({ merge: (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])].sort() })
  readonly open = register<readonly string[]>([]);
  readonly done = set<string>();

  async add(chore: string): Promise<void> {
    if (await this.done.has(chore)) throw new Error("done already");
    await this.open.update((open) => [...new Set([...open, chore])].sort());
  }

  async finish(chore: string): Promise<void> {
    await this.done.add(chore);
    await this.open.update((open) => open.filter((other) => other !== chore));
  }

  async list(): Promise<readonly string[]> {
    return await this.open.read();
  }

  @Invariant("what is done is on no list", { when: "converged" })
  async cleared(): Promise<boolean> {
    const done = await this.done.values();
    return (await this.list()).every((chore) => !done.includes(chore));
  }
}
