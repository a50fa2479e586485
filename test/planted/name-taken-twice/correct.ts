import { Invariant, Linearizable, log, map, Replicated, Transaction } from "@faultline/runtime";

/** The names of a forum. */
@Replicated()
@Linearizable()
export class Names {
  readonly owners = map<string, string>();
  readonly granted = log<readonly [name: string, owner: string]>();

  @Transaction()
  async take(name: string, owner: string): Promise<void> {
    if (await this.owners.has(name)) throw new Error("taken");
    await this.owners.put(name, owner);
    await this.granted.append([name, owner]);
  }

  @Invariant("a name belongs to one", { when: "converged" })
  async unique(): Promise<boolean> {
    const granted = await this.granted.entries();
    return granted.every(([name, owner]) => granted.every(([other, by]) => other !== name || by === owner));
  }
}
