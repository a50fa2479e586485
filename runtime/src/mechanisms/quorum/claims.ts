import { isAtomicQuorum, type QuorumConfiguration } from "../atomic-quorum.js";
import { type Claims, type OptionRemedy, together } from "../claims.js";

export const quorumClaims: Claims<QuorumConfiguration> = {
  claims: (options) => (isAtomicQuorum(options) ? "linearizable" : "eventual"),
  caveat,
  remedies,
};

function caveat({ n, r, w, writeBack, sloppy }: QuorumConfiguration): string | undefined {
  if (sloppy) return "with `sloppy` a write may be confirmed by stand-ins, which a read does not ask";
  if (r + w <= n)
    return `a read asks ${r} of ${n} replicas and a write waits for ${w}, so a read may ask only replicas that do not have the write yet (r + w ≤ n)`;
  if (2 * w <= n)
    return `a write waits for ${w} of ${n} replicas, so two writes may be confirmed by different ones, neither knowing of the other (2w ≤ n)`;
  if (!writeBack)
    return "without `writeBack` a read may return a write that is still under way, which the next read misses because it asks other replicas";
  return undefined;
}

function remedies({ n, r, w, writeBack, sloppy }: QuorumConfiguration): readonly OptionRemedy[] {
  if (r + w <= n || 2 * w <= n) {
    const majority = Math.floor(n / 2) + 1;
    const call = { n, r: Math.max(r, majority), w: Math.max(w, majority) };
    const text = `\`quorum({ n: ${call.n}, r: ${call.r}, w: ${call.w} })\`: a read then asks at least one replica that has the last write`;
    // What a whole call leaves out is as by default.
    return [{ text, options: { ...call, writeBack: true, sloppy: false } }];
  }
  const options = [
    ...(sloppy
      ? [
          {
            text: "`sloppy: false`: a write is refused where too few of its replicas can be reached",
            options: { sloppy: false },
          },
        ]
      : []),
    ...(writeBack
      ? []
      : [
          {
            text: "`writeBack: true`: a read first stores what it returns where it is missing",
            options: { writeBack: true },
          },
        ]),
  ];
  // Each alone is not enough.
  return options.length === 0 ? [] : [together(options)];
}
