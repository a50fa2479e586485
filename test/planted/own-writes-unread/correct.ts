import { Causal, Replicated, register } from "@faultline/runtime";

/** What a person is called. */
@Replicated()
export class Profile {
  @Causal()
  readonly name = register("");

  async rename(name: string): Promise<string> {
    await this.name.write(name);
    return await this.name.read();
  }

  async shown(): Promise<string> {
    return await this.name.read();
  }
}
