import { counter, Eventual, Invariant, log, Replicated } from "@faultline/runtime";

/** What visitors think of an article. */
@Replicated()
export class Poll {
  @Eventual() readonly votes = counter();
  @Eventual() readonly ballots = log<string>();

  async vote(answer: "yes" | "no"): Promise<void> {
    await this.votes.increment();
    await this.ballots.append(answer);
  }

  @Invariant("no ballot goes uncounted", { when: "converged" })
  async counted(): Promise<boolean> {
    return (await this.votes.read()) >= (await this.ballots.entries()).length;
  }
}
