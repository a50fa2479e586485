/** How a command ended. The same on every replica, since it depends on the log alone. */
export type Outcome =
  | { readonly kind: "committed"; readonly index: number; readonly results: readonly unknown[] }
  | { readonly kind: "conflict"; readonly index: number };

/** All outcomes, as a snapshot of the replicated state has them. */
export interface OutcomesSnapshot {
  /** Of these commands the outcomes are kept, in the order of the log. */
  readonly ids: readonly number[];
  readonly outcomes: readonly Outcome[];
  /** Each page is `id, position, id, position…`; later snapshots share the pages of earlier ones. */
  readonly pages: readonly (readonly number[])[];
}

/**
 * What became of each command, by id. Results are kept for recent commands only. What remains for good is two numbers a
 * command, because no bound on them would be sound: a late copy of a command may arrive after any number of others
 * (messages have no greatest delay), and must not be applied again. The dissertation's sessions (§6.3) keep less by
 * letting clients number their commands without a gap; here ids are those of the whole run.
 *
 * Without its results a command can be answered with "indeterminate" only, which is always true. That is rare: results
 * matter as long as the request is open, so for its timeout, and that is over before so many other commands are applied.
 */
export class Outcomes {
  private readonly recent = new Map<number, Outcome>();
  /** Where a command of which only that is known took effect; negative where it met a conflict. */
  private readonly positions = new Map<number, number>();
  private pages: readonly (readonly number[])[] = [];

  /** In the order of the log. */
  record(id: number, outcome: Outcome): void {
    this.recent.set(id, outcome);
  }

  has(id: number): boolean {
    return this.recent.has(id) || this.positions.has(id);
  }

  /** Undefined if it has not been applied or its results are not kept any more. */
  recentOutcome(id: number): Outcome | undefined {
    return this.recent.get(id);
  }

  /** The log index at which a command took effect. */
  positionOf(id: number): number | undefined {
    const outcome = this.recent.get(id);
    if (outcome !== undefined) return outcome.kind === "committed" ? outcome.index : undefined;
    const position = this.positions.get(id);
    return position !== undefined && position > 0 ? position : undefined;
  }

  /** How many outcomes are kept with their results. */
  get recentCount(): number {
    return this.recent.size;
  }

  /** Keeps no results of commands up to a log index. */
  forgetResults(upTo: number): void {
    const page: number[] = [];
    for (const [id, outcome] of this.recent) {
      if (outcome.index > upTo) break;
      page.push(id, outcome.kind === "committed" ? outcome.index : -outcome.index);
      this.recent.delete(id);
    }
    if (page.length === 0) return;
    this.addPage(page);
    this.pages = [...this.pages, page];
  }

  snapshot(): OutcomesSnapshot {
    return { ids: [...this.recent.keys()], outcomes: [...this.recent.values()], pages: this.pages };
  }

  restore({ ids, outcomes, pages }: OutcomesSnapshot): void {
    this.recent.clear();
    for (const [at, id] of ids.entries()) this.recent.set(id, outcomes[at] as Outcome);
    this.positions.clear();
    for (const page of pages) this.addPage(page);
    this.pages = pages;
  }

  private addPage(page: readonly number[]): void {
    for (let at = 0; at < page.length; at += 2) this.positions.set(page[at] as number, page[at + 1] as number);
  }
}
