import type { Claims } from "../claims.js";

export const cacheClaims: Claims = {
  claims: () => "none",
  caveat: () => "a copy is served until its time is over, and what a node takes never reaches the origin",
};
