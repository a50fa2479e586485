import type { Level } from "./levels.js";

export type FaultlineErrorCode =
  | "FAULTLINE_UNAVAILABLE"
  | "FAULTLINE_INDETERMINATE"
  | "FAULTLINE_CONFLICT"
  | "FAULTLINE_LEVEL"
  | "FAULTLINE_ANNOTATION";

/** Where an operation failed. All parts are optional because an annotation can be wrong before any cell exists. */
export interface ErrorContext {
  /** The cell as the user knows it: `alice.balance`. */
  readonly cell?: string | undefined;
  readonly level?: Level | undefined;
  readonly region?: string | undefined;
  /** What to do about it, one sentence. */
  readonly help?: string | undefined;
  readonly cause?: unknown;
}

/** Every error Faultline throws on purpose. `code` is stable; match on it, or on the guards below, not on the text. */
export abstract class FaultlineError extends Error implements ErrorContext {
  abstract readonly code: FaultlineErrorCode;
  readonly cell: string | undefined;
  readonly level: Level | undefined;
  readonly region: string | undefined;
  readonly help: string | undefined;

  constructor(message: string, context: ErrorContext = {}) {
    super(
      context.help === undefined ? message : `${message} ${context.help}`,
      context.cause === undefined ? undefined : { cause: context.cause },
    );
    this.name = new.target.name;
    this.cell = context.cell;
    this.level = context.level;
    this.region = context.region;
    this.help = context.help;
  }
}

/** The operation did not happen: no replica can have accepted it. Safe to repeat. */
export class UnavailableError extends FaultlineError {
  readonly code = "FAULTLINE_UNAVAILABLE";
}

/** The operation may or may not have happened, and may still happen. Read back before repeating it. */
export class IndeterminateError extends FaultlineError {
  readonly code = "FAULTLINE_INDETERMINATE";
}

/** The operation lost against concurrent ones more often than it was allowed to retry. It did not happen. */
export class ConflictError extends FaultlineError {
  readonly code = "FAULTLINE_CONFLICT";
}

/** More was asked of a cell or mechanism than it gives. */
export class LevelError extends FaultlineError {
  readonly code = "FAULTLINE_LEVEL";
}

/** A decorator, an option or a replicated value is not what it has to be. */
export class AnnotationError extends FaultlineError {
  readonly code = "FAULTLINE_ANNOTATION";
}

// By code and not by `instanceof`, so that the guards survive two copies of this package in one process.
const hasCode = (error: unknown, code: FaultlineErrorCode): boolean =>
  typeof error === "object" && error !== null && (error as { readonly code?: unknown }).code === code;

export const isUnavailable = (error: unknown): error is UnavailableError => hasCode(error, "FAULTLINE_UNAVAILABLE");
export const isIndeterminate = (error: unknown): error is IndeterminateError =>
  hasCode(error, "FAULTLINE_INDETERMINATE");
export const isConflict = (error: unknown): error is ConflictError => hasCode(error, "FAULTLINE_CONFLICT");
export const isLevelError = (error: unknown): error is LevelError => hasCode(error, "FAULTLINE_LEVEL");
export const isAnnotationError = (error: unknown): error is AnnotationError => hasCode(error, "FAULTLINE_ANNOTATION");
