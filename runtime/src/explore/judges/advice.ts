import type { Domain } from "../../deployment/simulated/domain.js";
import type { Fault } from "../../faults/index.js";
import { type FieldChange, isAtLeast, type Level } from "../../levels.js";
import { type Assumptions, type OptionRemedy, together } from "../../mechanisms/claims.js";
import type { Finding, Remedy } from "../violation.js";

/**
 * The usual reasons why a level's own promise breaks: it was asked of a mechanism that does not give it, or the faults
 * went beyond what the mechanism reckons with. `labels` are the cells that it is told of.
 */
export function adviceFor(domain: Domain, labels: readonly string[], faults: readonly Fault[]): Finding["advice"] {
  const overclaim = overclaimed(domain, labels);
  const excess = outOfBounds(domain, faults);
  if (overclaim === undefined || excess === undefined) {
    const only = overclaim ?? excess;
    return only && { why: only.why, remedies: only.remedies.map((remedy) => editing(domain, remedy)) };
  }
  // Curing the one alone would leave the other.
  const [first, second] = [overclaim.remedies[0], excess.remedies[0]];
  return {
    why: `${overclaim.why} ${excess.why}`,
    remedies: first === undefined || second === undefined ? [] : [editing(domain, together([first, second]))],
  };
}

interface Advice {
  readonly why: string;
  readonly remedies: readonly (OptionRemedy & { readonly level?: Level })[];
}

/** With what it changes: of all fields of the domain, as they share its options. */
function editing({ cells }: Domain, { text, options, level }: Advice["remedies"][number]): Remedy {
  if (options === undefined) return { text, changes: undefined };
  const change: FieldChange = level === undefined ? { options } : { level, options };
  return { text, changes: Object.fromEntries([...cells.values()].map(({ field }) => [field, change])) };
}

function overclaimed({ mechanism, level, options }: Domain, labels: readonly string[]): Advice | undefined {
  const claimed = mechanism.claims(options);
  if (isAtLeast(claimed, level)) return undefined;
  const caveat = mechanism.caveat?.(options);
  const gives = claimed === "none" ? "promises nothing" : `gives only ${claimed}`;
  const [first, ...others] = new Set(labels.map((label) => `\`${label.slice(label.lastIndexOf(".") + 1)}\``));
  const asks =
    first === undefined
      ? `Level ${level} is asked for`
      : `${[first, ...others].join(" and ")} ${others.length === 0 ? "asks" : "ask"} for ${level}`;
  const remedies = mechanism.remedies?.(options) ?? [];
  return {
    why: `${asks}, but \`${mechanism.id}()\` as configured ${gives}${caveat === undefined ? "" : `: ${caveat}`}.`,
    remedies: [
      ...(remedies.length === 0
        ? [{ text: `leave the \`mechanism\` option out: the default gives ${level}` }]
        : remedies),
      ...(claimed === "none"
        ? []
        : [
            {
              text: `declare \`@${decoratorOf(claimed)}()\`, if the code can live with that`,
              level: claimed,
              options: {},
            },
          ]),
    ],
  };
}

function outOfBounds({ mechanism, options }: Domain, faults: readonly Fault[]): Advice | undefined {
  const assumed = mechanism.assumes?.(options);
  if (assumed === undefined) return undefined;
  for (const bound of bounds) {
    const exceeding = faults.find((fault) => bound.isExceeded(assumed, fault));
    if (exceeding === undefined) continue;
    const reckoned = bound.reckoned?.(assumed);
    const but = reckoned === undefined ? "" : `, and \`${mechanism.id}()\` reckons with ${reckoned} at most`;
    return { why: `${bound.what(exceeding)}${but}. ${assumed.otherwise}`, remedies: assumed.remedies };
  }
  return undefined;
}

interface Bound {
  isExceeded(assumed: Assumptions, fault: Fault): boolean;
  /** What the fault did: a clause. */
  what(fault: Fault): string;
  /** How much of that would have been fine. */
  reckoned?(assumed: Assumptions): string;
}

const bounds: readonly Bound[] = [
  {
    isExceeded: ({ driftRatio }, fault) =>
      driftRatio !== undefined && fault.fault === "clockDrift" && magnitude(fault["driftRatio"]) > driftRatio,
    what: (fault) =>
      `The clock of ${String(fault["region"])} ran ${percent(fault["driftRatio"])} too ${sign(fault["driftRatio"], "slow", "fast")}`,
    reckoned: ({ driftRatio }) => percent(driftRatio),
  },
  {
    isExceeded: ({ skewMs }, fault) =>
      skewMs !== undefined && fault.fault === "clockSkew" && magnitude(fault["offsetMs"]) > skewMs,
    what: (fault) =>
      `The clock of ${String(fault["region"])} was ${magnitude(fault["offsetMs"])} ms ${sign(fault["offsetMs"], "behind", "ahead")}`,
    reckoned: ({ skewMs }) => `${skewMs} ms`,
  },
  {
    isExceeded: ({ promotion }, fault) => promotion === false && fault.fault === "promote",
    what: (fault) => `${String(fault["region"])} was promoted while the old primary had writes that nobody else had`,
  },
];

const magnitude = (value: unknown): number => Math.abs(Number(value));

const sign = (value: unknown, negative: string, positive: string): string => (Number(value) < 0 ? negative : positive);

function percent(ratio: unknown): string {
  return `${Math.round(magnitude(ratio) * 10_000) / 100} %`;
}

function decoratorOf(level: Level): string {
  return level === "none" ? "NoConsistency" : level.charAt(0).toUpperCase() + level.slice(1);
}
