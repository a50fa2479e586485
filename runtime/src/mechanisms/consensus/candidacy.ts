/** A replica's attempt to lead a term, or to find out whether it could (pre-vote). */
export class Candidacy {
  private readonly voters: Set<number>;

  constructor(
    self: number,
    readonly term: number,
    readonly preVote: boolean,
  ) {
    this.voters = new Set([self]);
  }

  get votes(): number {
    return this.voters.size;
  }

  grant(voter: number): void {
    this.voters.add(voter);
  }
}
