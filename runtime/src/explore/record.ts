import type { HistoryEvent, HistoryOperation, Status } from "../history/history.js";

/** A history event while it is being made. */
export interface Draft extends HistoryEvent {
  completedUs: number | undefined;
  completedOrder: number | undefined;
  status: Status;
  operations: DraftOperation[];
  /** Before the run was ready. */
  readonly isSetup: boolean;
  /** Asked by a check, a `converged` predicate or an invariant. */
  readonly isJudging: boolean;
  isOpen: boolean;
}

export interface DraftOperation extends HistoryOperation {
  /** Known for an operation of a transaction when that has ended. */
  commit: number | undefined;
  /** A mutation's is known when the run has ended. */
  position: number | undefined;
}

/** A method call or an operation of its own, as the statistics count it. */
export interface Call {
  readonly name: string;
  /** The class whose method it is; undefined for an operation on a cell. */
  readonly type: string | undefined;
  readonly region: string;
  readonly startedUs: number;
  /** Made directly by the scenario, not inside another method. */
  readonly isOutermost: boolean;
  readonly isSetup: boolean;
  readonly isJudging: boolean;
  status: Status | undefined;
  endedUs: number;
  /** What it threw. */
  error: unknown;
  /** The store was not there for it. */
  isRefused: boolean;
  /** A link of the region was cut meanwhile; only where that is measured. */
  wasCutOff: boolean;
}
