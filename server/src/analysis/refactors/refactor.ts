import type { Fix } from "../../documents/finding.js";
import type { Refactor } from "../analysis.js";
import type { Spot } from "./spot.js";

/** One sort of rewriting, offered where it can be carried out; what it changes is written only when somebody asks. */
export interface Refactoring {
  readonly id: Refactor["id"];
  readonly kind: Refactor["kind"];
  /** The places that it can be offered at are many, so deciding must be cheap: nothing here walks the whole project. */
  offersAt(spot: Spot): readonly Offer[];
}

export interface Offer {
  readonly title: string;
  write(): Fix | undefined;
}

/** A fix that stands already: where deciding whether it can be made is to make it. */
export function offerOf(fix: Fix | undefined): readonly Offer[] {
  return fix === undefined ? [] : [{ title: fix.title, write: () => fix }];
}
