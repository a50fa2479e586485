import type { Claims } from "../claims.js";

export const gossipClaims: Claims = {
  claims: () => "eventual",
  caveat: () => "each replica answers from what it happens to have heard, an effect perhaps before its cause",
};
