import { Eventual, Invariant, log, Replicated, register } from "@faultline/runtime";

/** What visitors think of an article. */
@Replicated()
export class Poll {
  @Eventual() readonly votes = register(0);
  @Eventual() readonly ballots = log<string>();

  async vote(answer: "yes" | "no"): Promise<void> {
    const votes = await this.votes.read();
    await this.votes.write(votes + 1);
    await this.ballots.append(answer);
  }

  @Invariant("no ballot goes uncounted", { when: "converged" })
  async counted(): Promise<boolean> {
    return (await this.votes.read()) >= (await this.ballots.entries()).length;
  }
}
