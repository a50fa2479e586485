import { cacheClaims } from "./cache/claims.js";
import { causalBroadcastClaims } from "./causal-broadcast/claims.js";
import type { Claims } from "./claims.js";
import { gossipDefaults, primaryReplicaDefaults, quorumDefaults, raftDefaults, trueTimeDefaults } from "./defaults.js";
import { gossipClaims } from "./gossip/claims.js";
import { isolatedClaims } from "./isolated/claims.js";
import { multiPrimaryClaims } from "./multi-primary/claims.js";
import { orderedLogClaims } from "./ordered-log/claims.js";
import { primaryReplicaClaims } from "./primary-replica/claims.js";
import { quorumClaims } from "./quorum/claims.js";
import { raftClaims } from "./raft/claims.js";
import { trueTimeClaims } from "./true-time/claims.js";

interface Entry {
  readonly claims: Claims;
  readonly defaults: object;
}

const entry = <Options>(claims: Claims<Options>, defaults: object = {}): Entry => ({
  claims: claims as Claims,
  defaults,
});

const entries: ReadonlyMap<string, Entry> = new Map([
  ["isolated", entry(isolatedClaims)],
  ["cache", entry(cacheClaims)],
  ["gossip", entry(gossipClaims, gossipDefaults)],
  ["multiPrimary", entry(multiPrimaryClaims)],
  ["causalBroadcast", entry(causalBroadcastClaims)],
  ["orderedLog", entry(orderedLogClaims)],
  ["raft", entry(raftClaims, raftDefaults)],
  ["primaryReplica", entry(primaryReplicaClaims, primaryReplicaDefaults)],
  ["quorum", entry(quorumClaims, quorumDefaults)],
  ["trueTime", entry(trueTimeClaims, trueTimeDefaults)],
]);

/** What a mechanism claims as it is configured, for those who do not run it; undefined for a name that is none. */
export function claimsOf(mechanism: string, given: Readonly<Record<string, unknown>>) {
  const known = entries.get(mechanism);
  if (known === undefined) return undefined;
  const options = { ...known.defaults, ...given };
  return {
    level: known.claims.claims(options),
    caveat: known.claims.caveat?.(options),
    remedies: (known.claims.remedies?.(options) ?? []).map(({ text }) => text),
  };
}
