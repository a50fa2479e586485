/** A finding in the shape that `faultline check --format json` prints. Lines and columns from 1, end exclusive. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** Absolute inside the server; relative to the working directory in printed documents. */
  readonly file: string;
  readonly range: Range;
  /** What is wrong, in the user's own names. */
  readonly message: string;
  /** Why it matters: a concrete loss. */
  readonly why: string;
  /** What to do about it. */
  readonly help: string;
  readonly related: readonly RelatedLocation[];
  readonly fixes: readonly Fix[];
}

export type Severity = "error" | "warning" | "information";

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface RelatedLocation {
  readonly file: string;
  readonly range: Range;
  readonly message: string;
}

export interface Fix {
  readonly title: string;
  /** `safe`: keeps the meaning of correct programs. `suggested`: a person should look. */
  readonly kind: "safe" | "suggested";
  readonly edits: readonly TextEdit[];
}

export interface TextEdit {
  readonly file: string;
  readonly range: Range;
  readonly text: string;
}
