import type { VirtualHost } from "../host.js";

/** A host whose time passes only when a test says so. */
export class TestingHost implements VirtualHost {
  readonly reported: { readonly what: string; readonly error: Error }[] = [];
  readonly thrown: unknown[] = [];
  private us = 0;
  private nextId = 1;
  private draws = 0;
  private readonly timers = new Map<number, { readonly atUs: number; readonly run: () => void }>();

  nowUs(): number {
    return this.us;
  }

  setTimer(run: () => void, delayUs: number): number {
    const id = this.nextId++;
    this.timers.set(id, { atUs: this.us + delayUs, run });
    return id;
  }

  clearTimer(id: number): void {
    this.timers.delete(id);
  }

  /** 0.1, 0.2 … 0.9, 0, 0.1 … */
  random(): number {
    this.draws++;
    return (this.draws % 10) / 10;
  }

  forbidden(what: string, error: Error): void {
    this.reported.push({ what, error });
  }

  uncaught(error: unknown): void {
    this.thrown.push(error);
  }

  get pending(): number {
    return this.timers.size;
  }

  /** Fires what is due in order, and lets promises settle after each. */
  async pass(ms: number): Promise<void> {
    const untilUs = this.us + ms * 1000;
    for (let next = this.due(untilUs); next !== undefined; next = this.due(untilUs)) {
      const [id, { atUs, run }] = next;
      this.timers.delete(id);
      this.us = atUs;
      run();
      for (let i = 0; i < 20; i++) await null;
    }
    this.us = untilUs;
  }

  private due(untilUs: number): [number, { readonly atUs: number; readonly run: () => void }] | undefined {
    return [...this.timers].filter(([, { atUs }]) => atUs <= untilUs).sort((a, b) => a[1].atUs - b[1].atUs)[0];
  }
}
