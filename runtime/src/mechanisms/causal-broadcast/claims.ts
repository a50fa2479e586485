import type { Claims } from "../claims.js";

export const causalBroadcastClaims: Claims = {
  claims: () => "causal",
  caveat: () => "replicas take writes by themselves and see concurrent ones in different orders",
};
