import { Eventual, Replicated, register } from "@faultline/runtime";

/** A contact that is edited on several devices. */
@Replicated()
@Eventual()
export class Contact {
  @Eventual({ merge: (own: string, other: string) => own || other }) readonly name = register("");

  async rename(name: string): Promise<void> {
    await this.name.write(name);
  }

  async shown(): Promise<string> {
    return await this.name.read();
  }
}
