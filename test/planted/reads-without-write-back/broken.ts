import { Linearizable, quorum, Replicated, register } from "@faultline/runtime";

/** Which version of a program is to be rolled out. */
@Replicated()
export class Release {
  @Linearizable({ mechanism: quorum({ n: 3, r: 1, w: 3, writeBack: false }) })
  readonly version = register("1.0");

  async promote(version: string): Promise<void> {
    await this.version.write(version);
  }

  async toInstall(): Promise<string> {
    return await this.version.read();
  }
}
