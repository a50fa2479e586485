import { Linearizable, quorum, Replicated, register } from "@faultline/runtime";

/** Whom an alarm calls. */
@Replicated()
export class Rota {
  @Linearizable({ mechanism: quorum({ n: 2, r: 1, w: 2, sloppy: true, hintedHandoff: true }) })
  readonly onDuty = register("nobody");

  async relieve(by: string): Promise<void> {
    await this.onDuty.write(by);
  }

  async whom(): Promise<string> {
    return await this.onDuty.read();
  }
}
