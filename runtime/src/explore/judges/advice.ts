import type { Domain } from "../../deployment/simulated/domain.js";
import type { Fault } from "../../faults/index.js";
import { isAtLeast, type Level } from "../../levels.js";
import type { Assumptions } from "../../mechanisms/machine.js";
import type { Finding } from "../violation.js";

/**
 * The usual reasons why a level's own promise breaks: it was asked of a mechanism that does not give it, or the faults
 * went beyond what the mechanism reckons with.
 */
export function adviceFor(domain: Domain, faults: readonly Fault[]): Finding["advice"] {
  return overclaimed(domain) ?? outOfBounds(domain, faults);
}

function overclaimed({ mechanism, level, options }: Domain): Finding["advice"] {
  const claimed = mechanism.claims(options);
  if (isAtLeast(claimed, level)) return undefined;
  const caveat = mechanism.caveat?.(options);
  const because = caveat === undefined ? "." : `: ${caveat}.`;
  return {
    why: `\`${mechanism.id}()\` so configured provides ${claimed}, and the cell asks for ${level}${because}`,
    remedies: [
      "leave the `mechanism` option out",
      `declare \`@${decoratorOf(claimed)}()\` and let the code live with it`,
    ],
  };
}

function outOfBounds({ mechanism, options }: Domain, faults: readonly Fault[]): Finding["advice"] {
  const assumed = mechanism.assumes?.(options);
  if (assumed === undefined) return undefined;
  for (const bound of bounds) {
    const exceeding = faults.find((fault) => bound.isExceeded(assumed, fault));
    if (exceeding === undefined) continue;
    return { why: `${bound.sentence(assumed, exceeding)} ${assumed.otherwise}`, remedies: assumed.remedies };
  }
  return undefined;
}

interface Bound {
  isExceeded(assumed: Assumptions, fault: Fault): boolean;
  sentence(assumed: Assumptions, fault: Fault): string;
}

const bounds: readonly Bound[] = [
  {
    isExceeded: ({ driftRatio }, fault) =>
      driftRatio !== undefined && fault.fault === "clockDrift" && magnitude(fault["driftRatio"]) > driftRatio,
    sentence: ({ driftRatio = 0 }, fault) =>
      `The clock of ${String(fault["region"])} drifted by ${percent(fault["driftRatio"])}; at most ${percent(driftRatio)} is reckoned with.`,
  },
  {
    isExceeded: ({ skewMs }, fault) =>
      skewMs !== undefined && fault.fault === "clockSkew" && magnitude(fault["offsetMs"]) > skewMs,
    sentence: ({ skewMs = 0 }, fault) =>
      `The clock of ${String(fault["region"])} was off by ${String(fault["offsetMs"])} ms; at most ${skewMs} ms is reckoned with.`,
  },
  {
    isExceeded: ({ promotion }, fault) => promotion === false && fault.fault === "promote",
    sentence: (_, fault) =>
      `${String(fault["region"])} was promoted while the old primary had writes that nobody else had.`,
  },
];

const magnitude = (value: unknown): number => Math.abs(Number(value));

function percent(ratio: unknown): string {
  return `${Math.round(Number(ratio) * 10_000) / 100} %`;
}

function decoratorOf(level: Level): string {
  return level === "none" ? "NoConsistency" : level.charAt(0).toUpperCase() + level.slice(1);
}
