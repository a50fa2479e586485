import type { Context } from "../cells/context.js";
import type { Cell, OperationEnd } from "../deployment/deployment.js";
import type { Transaction } from "./transaction.js";

/** A change that a saga's method has made, or may have made. */
export interface SagaStep {
  /** `alice.balance` */
  readonly cell: string;
  /** `write`, `update`, `increment` … */
  readonly operation: string;
  readonly args: readonly unknown[];
  /** Of an `update`: what it read and what it wrote. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What a compensation is given. Both in the order in which they were made. */
export interface SagaSteps {
  readonly completed: readonly SagaStep[];
  /** Steps without an answer: they may have happened or may still happen. */
  readonly indeterminate: readonly SagaStep[];
}

/** Collects the steps of one run of a saga. */
export class SagaLog implements SagaSteps {
  readonly completed: SagaStep[] = [];
  readonly indeterminate: SagaStep[] = [];

  get isEmpty(): boolean {
    return this.completed.length === 0 && this.indeterminate.length === 0;
  }

  add(status: "ok" | "fail" | "info", steps: readonly SagaStep[]): void {
    if (status === "ok") this.completed.push(...steps);
    if (status === "info") this.indeterminate.push(...steps);
  }
}

/** A step inside a transaction that the saga began counts when the transaction commits, any other one at once. */
export function noteSagaStep(
  context: Context | undefined,
  transaction: Transaction | undefined,
  cell: Cell,
  end: OperationEnd,
): void {
  if (context?.saga === undefined) return;
  const { before, after, operation } = end;
  const step: SagaStep = { cell: cell.label, operation: operation.name, args: operation.args, before, after };
  if (transaction === undefined || transaction.saga !== context.saga) context.saga.add(end.status, [step]);
  else if (end.status === "ok") transaction.steps.push(step);
}
