/** What is known of a planted bug before anything runs: each folder here has an `about.ts` that says it. */
export interface About {
  /** A few words: what kind of mistake it is. */
  readonly kind: string;
  /** What goes wrong, in two sentences. */
  readonly story: string;
  /** Where it was seen in the world: the analysis or incident and its year. Absent: nobody in particular's. */
  readonly source?: string;
  /** All that the bug may show itself as, in the first schedule that shows anything. Anything else is an accident. */
  readonly shows: readonly Shown[];
  /** The class whose methods are called, where the file exports more than one. */
  readonly target?: string;
}

export interface Shown {
  readonly kind: "invariant" | "divergence" | "guarantee" | "error" | "liveness";
  /** Of the invariant, or the level whose guarantee is broken, as the report names it. */
  readonly name: string;
}
