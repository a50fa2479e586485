import { Linearizable, quorum, Replicated, register } from "@faultline/runtime";

/** Whom an alarm calls. */
@Replicated()
export class Rota {
  @Linearizable({ mechanism: quorum({ n: 3, r: 2, w: 2 }) })
  readonly onDuty = register("nobody");

  async relieve(by: string): Promise<void> {
    await this.onDuty.write(by);
  }

  async whom(): Promise<string> {
    return await this.onDuty.read();
  }
}
