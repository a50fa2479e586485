import { Eventual, Replicated, register } from "@faultline/runtime";

/** What a euro costs in cents of a dollar. Banks publish it all day, and nobody waits for it. */
@Replicated()
export class ExchangeRate {
  @Eventual() readonly cents = register(108);

  constructor(readonly id: string) {}

  async publish(cents: number): Promise<void> {
    await this.cents.write(cents);
  }
}

/** What a guest was shown. */
export interface Quote {
  readonly cents: number;
  readonly validUntilMs: number;
}

export const tenMinutesMs = 600_000;
