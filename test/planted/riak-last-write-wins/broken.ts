import { Eventual, Invariant, Replicated, register, set } from "@faultline/runtime";

/** A set of numbers in one object of a bucket. */
@Replicated()
@Eventual()
export class Bucket {
  readonly members = register<readonly number[]>([]);
  readonly confirmed = set<number>();

  async add(element: number): Promise<void> {
    const members = await this.members.read();
    await this.members.write([...members, element]);
    await this.confirmed.add(element);
  }

  @Invariant("elements that were confirmed are there", { when: "converged" })
  async complete(): Promise<boolean> {
    const members = await this.members.read();
    return (await this.confirmed.values()).every((element) => members.includes(element));
  }
}
