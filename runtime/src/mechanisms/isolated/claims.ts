import type { Claims } from "../claims.js";

export const isolatedClaims: Claims = {
  claims: () => "none",
  caveat: () => "what a node takes is never sent to another",
};
