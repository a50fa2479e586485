import type { Claims } from "../claims.js";

export interface TrueTimeOptions {
  /** True time lies within this of every clock, in milliseconds; 7 unless told (Spanner, §3). */
  readonly epsilonMs?: number | undefined;
  /** Whether nobody learns of a commit before its timestamp has passed on every clock; true unless told. */
  readonly commitWait?: boolean | undefined;
}

/**
 * Reads trust leases if no clock gains on another by more than this: fifty times what Spanner reckons with (§3), which is
 * what a clock that keeps within ε for long cannot exceed anyway.
 */
export const maxDriftRatio = 0.01;

export const trueTimeClaims: Claims<TrueTimeOptions> = {
  claims: ({ commitWait = true }) => (commitWait ? "linearizable" : "eventual"),
  caveat: ({ commitWait = true }) =>
    commitWait
      ? undefined
      : "with `commitWait: false` a commit is acknowledged although its timestamp still lies in the future of other clocks, and a read that goes by one of those misses it",
  remedies: ({ epsilonMs = 7, commitWait = true }) =>
    commitWait
      ? []
      : [
          {
            text: `\`commitWait: true\`: nobody is told before that time has come on every clock, ${2 * epsilonMs} ms later at most`,
            options: { commitWait: true },
          },
        ],
  assumes: ({ epsilonMs = 7 }) => ({
    skewMs: epsilonMs,
    driftRatio: maxDriftRatio,
    otherwise:
      "A clock that is further off than `epsilonMs` gives timestamps that lie in another clock's future although their time has come, or in its past: reads miss what was acknowledged.",
    remedies: [
      { text: "raise `epsilonMs` to what the clocks really keep, and pay for it in commit wait" },
      { text: "`raft()`, which trusts no clock" },
    ],
  }),
};
