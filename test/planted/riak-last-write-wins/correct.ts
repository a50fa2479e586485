import { Eventual, Invariant, Replicated, set } from "@faultline/runtime";

/** A set of numbers that merges element by element, as Riak's data types do since 2.0. */
@Replicated()
@Eventual()
export class Bucket {
  readonly members = set<number>();
  readonly confirmed = set<number>();

  async add(element: number): Promise<void> {
    await this.members.add(element);
    await this.confirmed.add(element);
  }

  @Invariant("elements that were confirmed are there", { when: "converged" })
  async complete(): Promise<boolean> {
    const members = await this.members.values();
    return (await this.confirmed.values()).every((element) => members.includes(element));
  }
}
