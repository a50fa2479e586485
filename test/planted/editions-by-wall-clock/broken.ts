import {
  Eventual,
  gossip,
  Invariant,
  Linearizable,
  lastWriterWins,
  log,
  Replicated,
  register,
} from "@faultline/runtime";

interface Edition {
  readonly number: number;
  readonly headline: string;
}

/** The front page of a newspaper, written in several newsrooms. */
@Replicated()
export class FrontPage {
  @Linearizable() readonly numbers = register(0);
  @Eventual({ merge: lastWriterWins.wallClock, mechanism: gossip({ fanout: 1, intervalMs: 2_000 }) })
  readonly current = register<Edition>({ number: 0, headline: "" });
  @Eventual() readonly archive = log<Edition>();

  async publish(headline: string): Promise<void> {
    const number = await this.numbers.update((last) => last + 1);
    const edition = { number, headline };
    await this.current.write(edition);
    await this.archive.append(edition);
  }

  @Invariant("readers get the last edition", { when: "converged" })
  async upToDate(): Promise<boolean> {
    const current = await this.current.read();
    return (await this.archive.entries()).every(({ number }) => number <= current.number);
  }
}
