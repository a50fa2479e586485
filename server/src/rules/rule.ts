import type { Fixes } from "../analysis/fixes/fixes.js";
import type { FileModel, Site } from "../analysis/model.js";
import type { Fix, Severity } from "../documents/finding.js";

/** One rule: what it is called, how much it weighs, and how it finds. Its page and cases lie beside it. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** It judges what the other rules found, and so comes after them. */
  readonly comesLast?: true;
  /** One line for lists: what it finds. */
  readonly summary: string;
  /** Looks at one file, and at what its calls do elsewhere. */
  check(model: FileModel, report: Report): void;
}

export interface Report {
  (problem: Problem): void;
  readonly fixes: Fixes;
}

export interface Problem {
  readonly at: Site;
  /** What is wrong, in the user's own names. */
  readonly message: string;
  /** Why it matters: a concrete loss. */
  readonly why: string;
  /** What to do about it. */
  readonly help: string;
  readonly related?: readonly { readonly at: Site; readonly message: string }[];
  /** Undefined ones could not be made here. */
  readonly fixes?: readonly (Fix | undefined)[];
}
