import type { Domain } from "../../deployment/simulated/domain.js";
import type { Exposure } from "../../faults/index.js";
import { isAtLeast } from "../../levels.js";
import type { Plan } from "./plan.js";

/** Where clocks settle conflicts they may be this far off: seconds are common where nobody watches them. */
const unwatchedSkewMs = 2_000;
/** A round trip between continents and a half: about what a call takes that waits for a majority. */
const remoteCallMs = 150;
const localCallMs = 2;

/** Which faults can make a difference to these domains, while this plan is carried out. */
export function exposureOf(plan: Plan, domains: readonly Domain[]): Exposure {
  const assumptions = domains.map(({ mechanism, options }) => mechanism.assumes?.(options));
  const skews = [
    ...assumptions.map((assumed) => assumed?.skewMs),
    domains.some(settlesByClock) ? unwatchedSkewMs : undefined,
  ].filter((skewMs) => skewMs !== undefined);
  // A clock that has to keep within a bound must not drift: sooner or later it would be beyond it.
  const ratios = assumptions.map((assumed) => (assumed?.skewMs === undefined ? assumed?.driftRatio : 0));
  const driftRatio = leastOf(ratios.filter((ratio) => ratio !== undefined));
  const hasLeader = domains.some(leads);
  return {
    spanMs: spanOf(plan, hasLeader),
    replicates: domains.some(replicates),
    hasLeader,
    isDurable: domains.some(({ level }) => isAtLeast(level, "eventual")),
    mayPromote:
      domains.some(({ mechanism }) => mechanism.id === "primaryReplica") &&
      assumptions.every((assumed) => assumed?.promotion !== false),
    skewMs: leastOf(skews),
    driftRatio: driftRatio === 0 ? undefined : driftRatio,
  };
}

/** What runs at none only to be compared meets the partitions that it would meet at its own level. */
const replicates = ({ mechanism, cells }: Domain): boolean =>
  mechanism.id !== "isolated" || [...cells.values()].some(({ annotated }) => annotated !== undefined);

function settlesByClock({ mechanism, cells }: Domain): boolean {
  const types = [...cells.values()].map(({ type }) => type.name);
  return mechanism.data === "merged" && types.some((name) => name === "register" || name === "map" || name === "log");
}

const leads = ({ mechanism }: Domain): boolean =>
  mechanism.data === "commands" && mechanism.id !== "quorum" && mechanism.id !== "isolated" && mechanism.id !== "cache";

function spanOf({ sessions }: Plan, isRemote: boolean): number {
  const spans = sessions.map(({ calls }) =>
    calls.reduce((sum, { thinkMs }) => sum + thinkMs + (isRemote ? remoteCallMs : localCallMs), 0),
  );
  return Math.max(1, ...spans);
}

const leastOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.min(...values);
