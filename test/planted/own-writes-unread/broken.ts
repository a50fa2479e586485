import { Causal, primaryReplica, Replicated, register } from "@faultline/runtime";

/** What a person is called. */
@Replicated()
export class Profile {
  @Causal({ mechanism: primaryReplica({ reads: "local" }) })
  readonly name = register("");

  async rename(name: string): Promise<string> {
    await this.name.write(name);
    return await this.name.read();
  }

  async shown(): Promise<string> {
    return await this.name.read();
  }
}
