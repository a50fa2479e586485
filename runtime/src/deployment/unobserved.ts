import type { Observer } from "./deployment.js";

/** For a deployment that nobody watches now. It counts what is under way, since who comes to watch has missed that. */
export class Unobserved implements Observer {
  underWay = 0;

  callStarted(): number {
    return 0;
  }

  callEnded(): void {}

  invoked(): number {
    return this.transactionBegun();
  }

  completed(): void {
    this.underWay--;
  }

  transactionBegun(): number {
    this.underWay++;
    return 0;
  }

  transactionRetried(): void {}

  transactionEnded(): void {
    this.underWay--;
  }
}
