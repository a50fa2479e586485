import { Linearizable, quorum, Replicated, register } from "@faultline/runtime";

/** The price at which a machine sells. */
@Replicated()
export class Price {
  @Linearizable({ mechanism: quorum({ n: 3, r: 2, w: 2 }) })
  readonly cents = register(100);

  async set(cents: number): Promise<void> {
    await this.cents.write(cents);
  }

  async shown(): Promise<number> {
    return await this.cents.read();
  }
}
