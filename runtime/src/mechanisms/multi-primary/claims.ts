import type { Claims } from "../claims.js";

export const multiPrimaryClaims: Claims = {
  claims: () => "eventual",
  caveat: () => "every primary takes writes without having heard of the others', and their streams wait for nobody",
};
