import type { Finding } from "../../../documents/finding.js";
import type { Results } from "../results.js";

/** What a format renders. */
export interface Report {
  /** The working directory: files are named from here. */
  readonly root: string;
  readonly results: Results;
  /** Those that are reported: without known ones, after fixes. */
  readonly findings: readonly Finding[];
  readonly source: (file: string) => string;
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}
