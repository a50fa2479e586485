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
  /** Nothing may be changed any more: what is to be undone has to be known. */
  isClosed = false;
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.completed.length === 0 && this.indeterminate.length === 0;
  }

  add(status: "ok" | "fail" | "info", steps: readonly SagaStep[]): void {
    if (status === "ok") this.completed.push(...steps);
    if (status === "info") this.indeterminate.push(...steps);
  }

  begun(): void {
    this.underWay++;
  }

  ended(): void {
    this.underWay--;
    if (this.underWay === 0) for (const resume of this.waiting.splice(0)) resume();
  }

  /** A method may fail in one branch while another still changes something (`Promise.all`): that is to be undone too. */
  async close(): Promise<void> {
    this.isClosed = true;
    while (this.underWay > 0) await new Promise<void>((resume) => this.waiting.push(resume));
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
  if (operation.name === "compareAndSet" && end.result === false) return; // it has changed nothing
  const step: SagaStep = { cell: cell.label, operation: operation.name, args: operation.args, before, after };
  if (transaction === undefined || transaction.saga !== context.saga) context.saga.add(end.status, [step]);
  else if (end.status === "ok") transaction.steps.push(step);
}
