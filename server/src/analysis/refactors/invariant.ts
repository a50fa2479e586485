import { fromCheck } from "./invariant-of-check.js";
import { fromSelection } from "./invariant-of-selection.js";
import type { Refactoring } from "./refactor.js";

/** What code relies on at one place becomes what every run is judged by. */
export const invariant: Refactoring = {
  id: "invariant",
  kind: "extract",
  offersAt: (spot) => [...fromSelection(spot), ...fromCheck(spot)],
};
