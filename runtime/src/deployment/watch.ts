import type {
  CallEnd,
  CallStart,
  Observer,
  OperationEnd,
  OperationStart,
  SessionState,
  TransactionEnd,
  TransactionStart,
} from "./deployment.js";

/** Nobody watches, until somebody is attached, who is told from what on everything was seen. */
export class Watch implements Observer {
  private watcher: Observer | undefined;
  /** Operations and transactions that have not ended. */
  private underWay = 0;
  /** The highest id that was given, now and when the watcher came: it gives higher ones than all before it. */
  private latest = 0;
  private before = 0;
  private missed = 0;

  /** How many of those under way the watcher has not seen begin. */
  get inherited(): number {
    return this.missed;
  }

  attach(watcher: Observer): () => void {
    this.watcher = watcher;
    this.before = this.latest;
    this.missed = this.underWay;
    return () => {
      if (this.watcher === watcher) this.watcher = undefined;
    };
  }

  callStarted(call: CallStart): number {
    return this.watcher?.callStarted(call) ?? 0;
  }

  callEnded(id: number, end: CallEnd): void {
    this.watcher?.callEnded(id, end);
  }

  invoked(session: SessionState, operation: OperationStart): number {
    return this.begun(this.watcher?.invoked(session, operation));
  }

  completed(id: number, end: OperationEnd): void {
    this.ended(id);
    this.watcher?.completed(id, end);
  }

  transactionBegun(session: SessionState, start: TransactionStart): number {
    return this.begun(this.watcher?.transactionBegun(session, start));
  }

  transactionRetried(id: number): void {
    this.watcher?.transactionRetried(id);
  }

  transactionEnded(id: number, end: TransactionEnd): void {
    this.ended(id);
    this.watcher?.transactionEnded(id, end);
  }

  private begun(id = 0): number {
    this.underWay++;
    this.latest = Math.max(this.latest, id);
    if (id <= this.before) this.missed++;
    return id;
  }

  private ended(id: number): void {
    this.underWay--;
    if (id <= this.before) this.missed--;
  }
}
