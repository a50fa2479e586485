import type {
  Observer,
  OperationEnd,
  OperationStart,
  Recordable,
  SessionState,
  TransactionEnd,
  TransactionStart,
} from "../deployment.js";
import type { SessionRecorder } from "./session-recorder.js";

/** Tells a recorder what it records, and leaves the rest to be counted: also what began before it came. */
export class Watched implements Observer {
  constructor(
    private readonly recorder: SessionRecorder,
    private readonly rest: Recordable["unobserved"],
  ) {}

  callStarted(): number {
    return 0;
  }

  callEnded(): void {}

  invoked(session: SessionState, operation: OperationStart): number {
    return this.recorder.invoked(session, operation) ?? this.rest.invoked(session, operation);
  }

  completed(id: number, end: OperationEnd): void {
    this.of(id).completed(id, end);
  }

  transactionBegun(session: SessionState, start: TransactionStart): number {
    return this.recorder.transactionBegun(session) ?? this.rest.transactionBegun(session, start);
  }

  transactionRetried(id: number): void {
    this.of(id).transactionRetried(id);
  }

  transactionEnded(id: number, end: TransactionEnd): void {
    this.of(id).transactionEnded(id, end);
  }

  private of(id: number): Pick<Observer, "completed" | "transactionRetried" | "transactionEnded"> {
    return this.recorder.knows(id) ? this.recorder : this.rest;
  }
}
