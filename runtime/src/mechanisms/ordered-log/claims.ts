import type { Claims } from "../claims.js";

export const orderedLogClaims: Claims = {
  claims: () => "sequential",
  caveat: () => "a read is answered by the replica at hand, which may lag behind what others have been answered",
};
